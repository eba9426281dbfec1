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
    const told = h("span", { class: "unseen", role: "status" });
    button.addEventListener("click", async () => {
      const words = (await copy(this.text())) ? "Copied" : "Select it and copy";
      button.textContent = told.textContent = words;
      setTimeout(() => {
        button.textContent = "Copy";
        told.textContent = "";
      }, 1600);
      button.focus();
    });
    this.append(button, told);
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
    const name = this.getAttribute("label") ?? "the secret";
    const button = h("button", { class: "small", type: "button" });
    const reveal = show => {
      button.textContent = show ? "Hide" : "Show";
      button.ariaLabel = `${button.textContent} ${name}`;
      shown.textContent = show ? this.text : "••••••••••••";
    };
    button.addEventListener("click", () => reveal(button.textContent === "Show"));
    reveal(false);
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
