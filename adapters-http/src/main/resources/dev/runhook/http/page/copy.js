import { h } from "./dom.js";

/// Copies a text; says whether it did.
export async function copy(text) {
  if (navigator.clipboard) {
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch {
      // not allowed here; the old way may be
    }
  }
  const area = h("textarea", { value: text, readonly: true, "aria-hidden": "true" });
  document.body.append(area);
  area.select();
  const copied = document.execCommand("copy");
  area.remove();
  return copied;
}

class CopyButton extends HTMLElement {
  connectedCallback() {
    if (this.firstChild) return;
    const button = h("button", { class: "small", type: "button", "aria-label": this.getAttribute("label") ?? "Copy" }, "Copy");
    button.addEventListener("click", async () => {
      button.textContent = (await copy(this.text())) ? "Copied" : "Select it and copy";
      setTimeout(() => (button.textContent = "Copy"), 1600);
      button.focus();
    });
    this.append(button);
  }
}

customElements.define("rh-copy", CopyButton);

export function copyButton(text, label) {
  const element = document.createElement("rh-copy");
  element.text = typeof text === "function" ? text : () => text;
  if (label) element.setAttribute("label", label);
  return element;
}

/// A secret, hidden until somebody wants to see it.
class Secret extends HTMLElement {
  connectedCallback() {
    if (this.firstChild) return;
    const shown = h("span", { class: "code" }, "••••••••••••");
    const button = h("button", { class: "small", type: "button", "aria-pressed": "false" }, "Show");
    button.addEventListener("click", () => {
      const show = button.getAttribute("aria-pressed") === "false";
      button.setAttribute("aria-pressed", String(show));
      button.textContent = show ? "Hide" : "Show";
      shown.textContent = show ? this.text : "••••••••••••";
    });
    const name = this.getAttribute("label") ?? "the secret";
    button.setAttribute("aria-label", `Show ${name}`);
    this.append(shown, button, copyButton(() => this.text, `Copy ${name}`));
  }
}

customElements.define("rh-secret", Secret);

/// One that the server itself cannot read is told to be so.
export function secret(text, label) {
  if (text === null) return h("span", { class: "quiet" }, `${label} cannot be decrypted by the server`);
  const element = document.createElement("rh-secret");
  element.text = text;
  element.setAttribute("label", label);
  return element;
}

/// A line for the terminal that does what is missing here.
export function curl(method, path, body) {
  const json = body ? ` \\\n  -H "Content-Type: application/json" -d '${JSON.stringify(body)}'` : "";
  const base = new URL("api/v1", document.baseURI).href;
  const line = `curl -X ${method} ${base}${path} -H "Authorization: Bearer $TOKEN"${json}`;
  return h("div", { class: "curl" }, h("pre", {}, line), copyButton(line, "Copy the command"));
}
