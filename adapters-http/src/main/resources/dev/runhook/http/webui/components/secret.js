import { LitElement, html } from "lit";
import { api } from "../api/api.js";
import { session } from "../api/session.js";
import { t } from "../text/messages.js";
import { copyButton } from "./clipboard.js";
import { attempt } from "./view.js";
import { pathOf } from "./webhook-actions.js";

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
