import { h, newId } from "./dom.js";

/// A switch with its label, and what it means now beside it.
class Toggle extends HTMLElement {
  connectedCallback() {
    if (this.firstChild) return;
    const id = newId("switch");
    this.button = h("button", { type: "button", role: "switch", id, "aria-labelledby": `${id}-label`, "aria-describedby": `${id}-state` });
    this.state = h("span", { id: `${id}-state`, class: "quiet", "aria-live": "polite" });
    this.append(this.button, h("span", { class: "label", id: `${id}-label` }, this.getAttribute("label")), this.state);
    this.button.addEventListener("click", () => this.flip());
    this.show(this.on);
  }

  show(on) {
    this.on = on;
    this.button.setAttribute("aria-checked", String(on));
    this.state.textContent = this.words(on);
  }

  /// Somebody else may have switched it, or what it switches may have switched itself.
  follow(webhook) {
    this.webhook = webhook;
    const on = webhook.enabled;
    if (!this.changing && (on !== this.on || this.words(on) !== this.state.textContent)) this.show(on);
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

customElements.define("rh-toggle", Toggle);

/// words: what a state means; change: does it, and answers the state there is then
export function toggle({ label, on, words, change }) {
  const element = document.createElement("rh-toggle");
  element.setAttribute("label", label);
  Object.assign(element, { on, words, change });
  return element;
}
