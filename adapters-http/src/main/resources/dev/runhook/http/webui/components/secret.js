import { LitElement, html, nothing } from "lit";
import { api } from "../api/api.js";
import { NOT_RESENT, query } from "../api/query.js";
import { session } from "../api/session.js";
import { t } from "../text/messages.js";
import { copyButton } from "./clipboard.js";
import { ask } from "./dialog.js";
import { cannotDecrypt } from "./status-badges.js";
import { attempt, toast } from "./view.js";
import { addressOf, canRetry, nameOf, pathOf, resume, retryAll, secretButton } from "./webhook-actions.js";

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

/** The responses of receivers that do not accept a signature, or another proof of identity. */
const UNAUTHENTICATED = [401, 403];

/**
 * The button for another secret, if the receiver has not accepted the present one for the newest delivery that it has
 * rejected.
 *
 * Properties: `webhook`; `onChange`, which is called with the changed webhook.
 */
class RejectedSecret extends LitElement {
  static properties = { webhook: { attribute: false }, isRejected: { state: true } };

  /** The webhook and its latest error, for which the answer is known or requested. */
  #asked;

  createRenderRoot() {
    return this;
  }

  updated() {
    const { id, health: { detail } } = this.webhook;
    const asked = `${id} ${detail}`;
    if (asked === this.#asked) return;
    this.#asked = asked;
    attempt(async () => {
      const { items } = await api.get(pathOf(this.webhook) + "/deliveries" + query({ outcome: "REJECTED", limit: 1 }));
      if (asked === this.#asked) this.isRejected = UNAUTHENTICATED.includes(items[0]?.lastResult?.statusCode);
    }, () => {}); // the notice has other actions
  }

  render() {
    const { webhook, onChange } = this;
    if (!this.isRejected) return nothing;
    return secretButton(webhook, onChange, t.secret.change, `${t.secret.change}: ${nameOf(webhook)}`);
  }
}

customElements.define("rh-rejected-secret", RejectedSecret);

/** Whether the user may read the secret. The secret of a copy signs for other stacks too. */
export const mayReadSecret = webhook => session.me.canReadSecrets && !webhook.accountWebhook;

export function hiddenSecret(webhook, field, label, shown = false) {
  if (!mayReadSecret(webhook)) {
    return html`<span class="quiet">${webhook.accountWebhook ? t.secret.ofCopy : t.secret.notVisible}</span>`;
  }
  return html`<rh-secret .webhook=${webhook} .field=${field} label=${label} .shown=${shown}></rh-secret>`;
}

/**
 * Asks for another secret. What waits because the receiver rejects the old one can be sent at once, and then what has
 * failed for good. A secret that was generated is shown, because the receiver needs it.
 *
 * @param onChange is called with the changed webhook
 */
export function askToChangeSecret(webhook, onChange) {
  const isRoutingKey = webhook.format === "pagerduty"; // its receiver ignores the signatures
  const maySign = !cannotDecrypt(webhook) && !isRoutingKey; // a secret that cannot be decrypted cannot sign
  const isPaused = webhook.health?.verdict === "PAUSED";
  const mayContinue = isPaused || (webhook.health && canRetry(webhook));
  return ask({
    title: t.secret.rotateTitle,
    text: isRoutingKey ? nothing : html`<p class="notice">${t.secret.rotateText}</p>`,
    values: { overlap: isRoutingKey ? "PT0S" : "PT24H", secret: "", isContinued: mayContinue },
    content: form => html`
      ${form.text({
        name: "secret",
        label: isRoutingKey ? t.webhook.routingKey : t.secret.new,
        hint: isRoutingKey ? t.webhook.routingKeyHint : t.secret.newHint,
        required: isRoutingKey,
      })}
      ${maySign
        ? form.select({
            name: "overlap",
            label: t.secret.overlap,
            hint: t.secret.overlapHint,
            options: Object.entries(t.secret.overlaps),
          })
        : nothing}
      ${mayContinue ? form.check({ name: "isContinued", label: isPaused ? t.secret.resume : t.secret.retry }) : nothing}
    `,
    submit: t.secret.rotate,
    danger: true,
    async send({ overlap, secret, isContinued }) {
      const changed = await api.post(`${pathOf(webhook)}/secret`, secret ? { overlap, secret } : { overlap });
      onChange(changed);
      toast(t.secret.rotated);
      if (isContinued) await attempt(() => (isPaused ? resume(changed, onChange) : retryAll(changed)));
      if (!secret || changed.warnings.length > 0) return result(changed, !secret);
      if (isContinued && webhook.failedDeliveries > 0) await resendFailed(changed);
    },
  });
}

const result = (webhook, isGenerated) => html`
  ${webhook.warnings.map(text => html`<p class="notice">${text}</p>`)}
  ${isGenerated
    ? html`<p>${t.secret.generated}</p><p>${hiddenSecret(webhook, "secret", t.secret.ofCurrent, true)}</p>`
    : nothing}
`;

/** Asks whether to resend what has failed for good. The list of deliveries shows the progress. */
async function resendFailed(webhook) {
  const { askToReplay } = await import("./replay.js");
  const filter = { status: NOT_RESENT, hours: 24 };
  const asked = new AbortController();
  const follow = () => {
    asked.abort();
    location.hash = `${addressOf(webhook)}/deliveries${query(filter)}`;
  };
  askToReplay(webhook, follow, asked.signal, filter);
}
