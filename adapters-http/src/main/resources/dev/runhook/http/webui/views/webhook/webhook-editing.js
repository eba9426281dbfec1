import { html, nothing } from "lit";
import { keyed } from "lit/directives/keyed.js";
import { Problem, api } from "../../api/api.js";
import { hiddenSecret } from "../../components/secret.js";
import { ask } from "../../components/dialog.js";
import { View, facts, toast } from "../../components/view.js";
import { mayChange, nameOf, pathOf } from "../../components/webhook-actions.js";
import { t } from "../../text/messages.js";
import { futureTime } from "../../text/time.js";
import "./webhook-form.js";

/**
 * What the views with the form of a webhook or of an account webhook share. They have `edited`, the webhook on which the
 * form is based, if there is one; `add`, which adds a new one; `webhook` and `change`, which shows a change of it; and
 * `list`, the address to which the user returns.
 *
 * @param {typeof View} Base
 */
export const editing = Base => class extends Base {
  get form() {
    return this.querySelector("rh-webhook-form");
  }

  hasUnsavedChanges() {
    return Boolean(this.form?.isChanged());
  }

  async save(changes, basedOn) {
    try {
      const saved = await api.patch(pathOf(this.webhook), changes, basedOn);
      this.change(saved);
      toast(t.saved);
      return saved;
    } catch (problem) {
      if (problem.status !== 412) throw problem;
      await this.showConflict?.();
      throw new Problem(412, { detail: t.webhook.conflict });
    }
  }

  leave(address) {
    this.edited = null; // discards its changes
    this.isLeaving = true;
    this.requestUpdate();
    this.updateComplete.then(() => (location.hash = address));
  }

  /** Shows a change that the user has made next to the form. */
  changeElsewhere(updated) {
    this.form?.rebase(updated);
    this.change(updated);
  }

  /** The form for a new webhook, or for the settings of an existing one. */
  settingsForm() {
    const { edited, params: { stack, query } } = this;
    return keyed(edited, html`
      <rh-webhook-form
        .withSelector=${!stack}
        .webhook=${edited}
        .stack=${stack}
        .addition=${query.add}
        .send=${(body, basedOn) => (edited ? this.save(body, basedOn) : this.add(body))}
        .cancel=${html`<a class="button" href=${this.list}>${t.cancel}</a>`}
        submit=${edited ? t.save : t.webhook.add}
      ></rh-webhook-form>
    `);
  }

  /** @param {unknown} action what can be done about the secret, next to its heading */
  secretSection(webhook, action = nothing) {
    const expiry = webhook.previousSecretExpiresAt;
    const expire = () => askToExpireSecret(webhook, () => this.reload());
    return html`
      <section class="card" aria-label=${t.webhook.secret}>
        <div class="title"><h2>${t.webhook.secret}</h2>${action}</div>
        ${keyed(webhook.updatedAt, facts([
          [t.secret.current, hiddenSecret(webhook, "secret", t.secret.ofCurrent)],
          [t.secret.standard, hiddenSecret(webhook, "standardSecret", t.secret.ofStandard)],
          expiry && [t.secret.previous, html`
            ${t.secret.expires(futureTime(expiry))}
            ${mayChange(webhook)
              ? html`<button type="button" class="small" @click=${expire}>${t.secret.expire}</button>`
              : nothing}
          `],
        ]))}
      </section>
    `;
  }

  deleteSection() {
    return html`
      <section class="card" aria-label=${t.webhook.delete}>
        <h2>${t.webhook.deleteHeading}</h2>
        <div class="actions">
          <button
            type="button"
            class="danger"
            @click=${() => askToDelete(this.webhook, () => this.leave(this.list))}
          >${t.webhook.delete}</button>
          <span class="hint">${t.cannotUndo}</span>
        </div>
      </section>
    `;
  }
};

/** @param {Api["Webhook"]} webhook */
function askToDelete(webhook, onDeleted) {
  const { pendingDeliveries = 0 } = webhook;
  return ask({
    title: t.webhook.deleteTitle,
    text: html`
      <p>${t.webhook.deleteText(html`<b dir="auto">${nameOf(webhook)}</b>`, pendingDeliveries)}</p>
      <p class="quiet">${t.webhook.deleteHint}</p>
    `,
    submit: t.webhook.delete,
    danger: true,
    async send() {
      await api.delete(pathOf(webhook));
      toast(t.webhook.deleted);
      onDeleted();
    },
  });
}

/** Expires the previous secret early. */
function askToExpireSecret(webhook, onExpired) {
  return ask({
    title: t.secret.expireTitle,
    text: html`<p class="notice">${t.secret.expireText}</p>`,
    submit: t.secret.expire,
    danger: true,
    async send() {
      await api.delete(`${pathOf(webhook)}/previous-secret`);
      toast(t.secret.expired);
      onExpired();
    },
  });
}
