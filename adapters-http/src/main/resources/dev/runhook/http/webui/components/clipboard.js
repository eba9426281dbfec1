import { LitElement, html, nothing } from "lit";
import { api } from "../api/api.js";
import { t } from "../text/messages.js";
import { session } from "../api/session.js";
import { attempt, toast } from "./view.js";
import { pathOf } from "./webhook-actions.js";

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

/**
 * A hidden secret of a webhook. It is fetched only when a user shows or copies it, and each fetch is audited.
 *
 * Properties: `webhook`; `field` of the response to a request for the secret; `label`; `shown`, to show it immediately.
 */
class Secret extends LitElement {
  static properties = { label: {}, text: { state: true } };

  connectedCallback() {
    super.connectedCallback();
    if (this.shown) this.flip();
  }

  createRenderRoot() {
    return this;
  }

  async load() {
    return (await api.get(`${pathOf(this.webhook)}/secret`))[this.field];
  }

  flip() {
    return attempt(async () => (this.text = this.text === undefined ? await this.load() : undefined));
  }

  render() {
    const action = this.text === undefined ? t.show : t.hide;
    return html`
      <span class="code">${this.text ?? "••••••••••••"}</span>
      <button class="small" type="button" aria-label="${action} ${this.label}" @click=${() => this.flip()}>
        ${action}
      </button>
      ${copyButton(() => this.text ?? this.load(), t.texts.clipboard.copyOf(this.label))}
    `;
  }
}

customElements.define("rh-secret", Secret);

/** Whether the user may read the secret. The secret of a copy signs for other stacks too. */
export const mayReadSecret = webhook => session.me.canReadSecrets && !webhook.accountWebhook;

export function hiddenSecret(webhook, field, label, shown = false) {
  if (!mayReadSecret(webhook)) {
    return html`<span class="quiet">${webhook.accountWebhook ? t.secret.ofCopy : t.secret.notVisible}</span>`;
  }
  return html`<rh-secret .webhook=${webhook} .field=${field} label=${label} .shown=${shown}></rh-secret>`;
}

/** A curl command for an action that the web UI does not offer. */
export function curlExample(method, path, body) {
  const json = body ? ` \\\n  -H "Content-Type: application/json" -d '${JSON.stringify(body)}'` : "";
  const base = new URL("api/v1", document.baseURI).href;
  const line = `curl -X ${method} ${base}${path} -H "Authorization: Bearer $TOKEN"${json}`;
  return html`<div class="curl"><pre>${line}</pre>${copyButton(line, t.texts.clipboard.command)}</div>`;
}
