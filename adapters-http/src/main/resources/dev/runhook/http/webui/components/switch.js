import { LitElement, html } from "lit";
import { newId } from "../text/text.js";

/**
 * A switch with a label and a description of its current state.
 *
 * Properties: `label`; `on`; `describe`, which describes a state; `change`, which applies a new state and
 * returns the resulting one.
 */
class Switch extends LitElement {
  static properties = {
    label: { reflect: true },
    on: { type: Boolean },
    describe: { attribute: false },
    isChanging: { state: true },
  };

  prefix = newId("switch");

  createRenderRoot() {
    return this;
  }

  async flip() {
    if (this.isChanging) return;
    this.isChanging = true;
    try {
      this.on = await this.change(!this.on);
    } finally {
      this.isChanging = false;
    }
  }

  render() {
    const id = this.prefix;
    return html`
      <button
        type="button"
        role="switch"
        id="${id}-button"
        aria-labelledby="${id}-label"
        aria-describedby="${id}-state"
        aria-checked=${String(this.on)}
        aria-busy=${String(Boolean(this.isChanging))}
        @click=${() => this.flip()}
      ></button>
      <span class="label" id="${id}-label" dir="auto">${this.label}</span>
      <span class="quiet" id="${id}-state" aria-live="polite">${this.describe(this.on)}</span>
    `;
  }
}

customElements.define("rh-switch", Switch);
