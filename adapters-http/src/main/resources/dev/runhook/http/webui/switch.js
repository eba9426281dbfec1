import { h, newId } from "./dom.js";

/// A switch with a label and a description of its current state.
class Switch extends HTMLElement {
  connectedCallback() {
    if (this.firstChild) return;
    const id = newId("switch");
    this.button = h("button", {
      type: "button",
      role: "switch",
      id,
      "aria-labelledby": `${id}-label`,
      "aria-describedby": `${id}-state`,
    });
    this.state = h("span", { id: `${id}-state`, class: "quiet", "aria-live": "polite" });
    this.append(this.button, h("span", { class: "label", id: `${id}-label` }, this.getAttribute("label")), this.state);
    this.button.addEventListener("click", () => this.flip());
    this.show(this.on);
  }

  show(on) {
    this.on = on;
    this.button.setAttribute("aria-checked", String(on));
    this.state.textContent = this.describe(on);
  }

  /// Shows the state of the webhook, which another user or the server may have changed.
  update(webhook) {
    this.webhook = webhook;
    const on = webhook.enabled;
    if (!this.changing && (on !== this.on || this.describe(on) !== this.state.textContent)) this.show(on);
  }

  async flip() {
    if (this.changing) return;
    this.changing = true;
    this.button.setAttribute("aria-busy", "true");
    try {
      this.show(await this.change(!this.on));
    } finally {
      this.changing = false;
      this.button.removeAttribute("aria-busy");
    }
  }
}

customElements.define("rh-switch", Switch);

/// describe: describes a state; change: applies a new state and returns the resulting one
export function switchControl({ label, on, describe, change }) {
  const element = document.createElement("rh-switch");
  element.setAttribute("label", label);
  Object.assign(element, { on, describe, change });
  return element;
}
