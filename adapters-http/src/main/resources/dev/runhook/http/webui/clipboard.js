import { api, e } from "./api.js";
import { h } from "./dom.js";
import { toast } from "./view.js";

/// Copies text, or the text that a promise resolves to. Returns whether it succeeded.
export async function copy(text) {
  if (navigator.clipboard) {
    try {
      // some browsers refuse to copy after an await, but accept a promise
      if (typeof text === "string") await navigator.clipboard.writeText(text);
      else await navigator.clipboard.write([new ClipboardItem({ "text/plain": text.then(toBlob) })]);
      return true;
    } catch {
      // not allowed here; execCommand may still work
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

const toBlob = text => new Blob([text], { type: "text/plain" });

class CopyButton extends HTMLElement {
  connectedCallback() {
    if (this.firstChild) return;
    const label = this.getAttribute("label") ?? "Copy";
    const button = h("button", { class: "small", type: "button", "aria-label": label }, "Copy");
    const status = h("span", { class: "unseen", role: "status" });
    button.addEventListener("click", async () => {
      let result;
      try {
        result = (await copy(this.text())) ? "Copied" : "Copy failed. Select the text and copy it.";
      } catch (problem) {
        if (problem.status === undefined) throw problem;
        return toast(problem.message);
      }
      button.textContent = status.textContent = result;
      setTimeout(() => {
        button.textContent = "Copy";
        status.textContent = "";
      }, 1600);
      button.focus();
    });
    this.append(button, status);
  }
}

customElements.define("rh-copy", CopyButton);

export function copyButton(text, label) {
  const element = document.createElement("rh-copy");
  element.text = typeof text === "function" ? text : () => text;
  if (label) element.setAttribute("label", label);
  return element;
}

/// A hidden secret. It is fetched only when a user shows or copies it, and each fetch is audited.
class Secret extends HTMLElement {
  connectedCallback() {
    if (this.firstChild) return;
    this.shown = h("span", { class: "code" });
    this.button = h("button", { class: "small", type: "button", onclick: () => this.flip() });
    this.reveal(null);
    this.append(this.shown, this.button, copyButton(() => this.text ?? this.load(), `Copy ${this.label}`));
  }

  async flip() {
    if (this.text !== null) return this.reveal(null);
    try {
      this.reveal(await this.load());
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

/// A hidden secret of a webhook.
///
/// field: of the response to a request for the secret
export function hiddenSecret(webhook, field, label) {
  const load = async () => (await api.get(`/stacks/${e(webhook.stack)}/webhooks/${e(webhook.id)}/secret`))[field];
  return Object.assign(document.createElement("rh-secret"), { load, label });
}

/// A curl command for an action that the web UI does not offer.
export function curlExample(method, path, body) {
  const json = body ? ` \\\n  -H "Content-Type: application/json" -d '${JSON.stringify(body)}'` : "";
  const base = new URL("api/v1", document.baseURI).href;
  const line = `curl -X ${method} ${base}${path} -H "Authorization: Bearer $TOKEN"${json}`;
  return h("div", { class: "curl" }, h("pre", {}, line), copyButton(line, "Copy the command"));
}
