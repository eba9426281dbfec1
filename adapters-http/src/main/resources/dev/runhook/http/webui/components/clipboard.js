import { LitElement, html, nothing } from "lit";
import { t } from "../text/messages.js";
import { attempt, toast } from "./view.js";

/** Copies text, or the text that a promise resolves to. Returns whether it succeeded. */
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
  const area = document.createElement("textarea");
  Object.assign(area, { className: "unseen", value: await text, readOnly: true, ariaHidden: "true" });
  document.body.append(area);
  area.focus({ preventScroll: true });
  area.select();
  const copied = document.execCommand("copy");
  area.remove();
  return copied;
}

const toBlob = text => new Blob([text], { type: "text/plain" });

/**
 * A button that copies text.
 *
 * Properties: `text`, or a function that returns the text or a promise; `caption`; `label`, the accessible name if
 * it is not the caption; `key`, that of the button.
 */
class CopyButton extends LitElement {
  static properties = { caption: {}, label: {}, key: {}, result: { state: true } };

  createRenderRoot() {
    return this;
  }

  copy(button) {
    return attempt(async () => {
      const text = typeof this.text === "function" ? this.text() : this.text;
      this.result = (await copy(text)) ? t.texts.clipboard.copied : t.texts.clipboard.failed;
      setTimeout(() => (this.result = undefined), 1600);
      if (button.checkVisibility()) button.focus();
      else toast(this.result); // a key has clicked it
    });
  }

  render() {
    return html`
      <button
        class="small"
        type="button"
        aria-label=${this.label ?? nothing}
        aria-keyshortcuts=${this.key ?? nothing}
        @click=${event => this.copy(event.currentTarget)}
      >${this.result ?? this.caption ?? t.texts.clipboard.copy}</button>
      <span class="unseen" role="status">${this.result ?? nothing}</span>
    `;
  }
}

customElements.define("rh-copy", CopyButton);

export const copyButton = (text, label) => html`<rh-copy .text=${text} label=${label}></rh-copy>`;

/** A button that says what it copies. */
export const namedCopyButton = (text, caption, key = undefined) => html`
  <rh-copy .text=${text} caption=${caption} key=${key ?? nothing}></rh-copy>
`;

/** A curl command for an action that the web UI does not offer. */
export function curlExample(method, path, body) {
  const json = body ? ` \\\n  -H "Content-Type: application/json" -d '${JSON.stringify(body)}'` : "";
  const base = new URL("api/v1", document.baseURI).href;
  const line = `curl -X ${method} ${base}${path} -H "Authorization: Bearer $TOKEN"${json}`;
  return html`<div class="curl"><pre>${line}</pre>${copyButton(line, t.texts.clipboard.command)}</div>`;
}
