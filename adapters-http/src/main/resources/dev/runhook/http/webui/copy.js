import { Problem, api, e } from "./api.js";
import { h } from "./dom.js";
import { toast } from "./view.js";

/// Copies a text, or one that is asked for yet; says whether it did.
export async function copy(text) {
  if (navigator.clipboard) {
    try {
      // browsers that let nobody copy once they have waited take a promise
      if (typeof text === "string") await navigator.clipboard.writeText(text);
      else await navigator.clipboard.write([new ClipboardItem({ "text/plain": text.then(words => new Blob([words], { type: "text/plain" })) })]);
      return true;
    } catch {
      // not allowed here; the old way may be
    }
  }
  const area = h("textarea", { class: "unseen", value: await text, readonly: true, "aria-hidden": "true" });
  document.body.append(area);
  area.focus({ preventScroll: true });
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
      let words;
      try {
        words = (await copy(this.text())) ? "Copied" : "Select it and copy";
      } catch (problem) {
        if (problem.status === undefined) throw problem;
        return toast(problem.message);
      }
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

/// A secret, hidden until somebody wants to see it; only then the server is asked for it, which
/// the audit tells.
class Secret extends HTMLElement {
  connectedCallback() {
    if (this.firstChild) return;
    this.shown = h("span", { class: "code" });
    this.button = h("button", { class: "small", type: "button", onclick: () => this.flip() });
    this.reveal(null);
    this.append(this.shown, this.button, copyButton(() => this.text ?? this.read(), `Copy ${this.label}`));
  }

  async flip() {
    if (this.text !== null) return this.reveal(null);
    try {
      this.reveal(await this.read());
    } catch (problem) {
      if (problem.status === undefined) throw problem;
      toast(problem.message);
    }
  }

  reveal(text) {
    this.text = text;
    this.button.textContent = text === null ? "Show" : "Hide";
    this.button.ariaLabel = `${this.button.textContent} ${this.label}`;
    this.shown.textContent = text ?? "••••••••••••";
  }
}

customElements.define("rh-secret", Secret);

/// One that the server itself cannot read is told to be so.
///
/// of: which one of a webhook's it is
export function secret(webhook, of, label) {
  if (of(webhook) === null) return h("span", { class: "quiet" }, "cannot be decrypted by the server");
  async function read() {
    const text = of(await api.get(`/stacks/${e(webhook.stack)}/webhooks/${e(webhook.id)}`));
    if (text) return text;
    throw new Problem(404, { detail: `${label} cannot be had any more` });
  }
  return Object.assign(document.createElement("rh-secret"), { read, label });
}

/// A line for the terminal that does what is missing here.
export function curl(method, path, body) {
  const json = body ? ` \\\n  -H "Content-Type: application/json" -d '${JSON.stringify(body)}'` : "";
  const base = new URL("api/v1", document.baseURI).href;
  const line = `curl -X ${method} ${base}${path} -H "Authorization: Bearer $TOKEN"${json}`;
  return h("div", { class: "curl" }, h("pre", {}, line), copyButton(line, "Copy the command"));
}
