import { html, nothing } from "lit";
import { keyed } from "lit/directives/keyed.js";
import { Problem, api, e, query } from "../../api/api.js";
import { View, facts, toast } from "../../components/view.js";
import { session } from "../../api/session.js";
import { hiddenSecret } from "../../components/clipboard.js";
import { t } from "../../text/messages.js";
import { stateName } from "../../components/status-badges.js";
import { relativeTime, shortDuration } from "../../text/time.js";
import { settingsLayout } from "../stack/stack-layout.js";
import { filterFacts } from "./webhook-filters.js";
import "./webhook-form.js";
import { WebhookView } from "./webhook-layout.js";
import {
  accountLink,
  added,
  askToDelete,
  askToExpireSecret,
  askToRotateSecret,
  enabledSwitch,
  mayChange,
  pathOf,
} from "../../components/webhook-actions.js";

const cancelLink = href => html`<a class="button" href=${href}>${t.cancel}</a>`;

/** The form that adds a webhook. */
class NewWebhookView extends View {
  hasUnsavedChanges() {
    return Boolean(this.querySelector("rh-webhook-form")?.isChanged());
  }

  get list() {
    return `#/stacks/${e(this.params.stack)}/settings/integrations`;
  }

  start() {
    if (session.may("admin")) this.focusForm();
    this.guard(async () => this.set({ stack: await api.get(`/stacks/${e(this.params.stack)}`, this.signal) }));
  }

  async focusForm() {
    await this.updateComplete;
    await this.querySelector("rh-webhook-form").updateComplete;
    this.querySelector("form input").focus();
  }

  async add(body) {
    const webhook = await api.post(`/stacks/${e(this.params.stack)}/webhooks`, body);
    added.id = webhook.id;
    toast([t.webhook.added, ...webhook.warnings].join(" "));
    location.hash = `${this.list}/${e(webhook.id)}/receiver`;
    return webhook;
  }

  render() {
    const { stack } = this.params;
    const form = html`
      <rh-webhook-form
        .stack=${stack}
        .send=${body => this.add(body)}
        .cancel=${cancelLink(this.list)}
        submit=${t.webhook.add}
      ></rh-webhook-form>
    `;
    return settingsLayout(stack, this.stack?.name, "integrations", html`
      <section>
        <div class="title"><h2>${t.webhook.add}</h2></div>
        ${session.may("admin") ? form : html`<p class="notice">${t.webhook.addNotAllowed}</p>`}
      </section>
    `);
  }
}

customElements.define("rh-webhook-new", NewWebhookView);

/** The settings of a webhook: enabled or not, secret, endpoint and filters, deletion. */
class WebhookEditView extends WebhookView {
  tab = "edit";

  get list() {
    return `#/stacks/${e(this.params.stack)}/settings/integrations`;
  }

  get form() {
    return this.querySelector("rh-webhook-form");
  }

  load() {
    this.showSaved();
  }

  /** Shows the form with the saved settings, without the user's input. */
  showSaved() {
    this.set({ edited: this.webhook, hasConflict: false });
  }

  async save(changes, basedOn) {
    try {
      const saved = await api.patch(pathOf(this.webhook), changes, basedOn);
      this.change(saved);
      toast(t.saved);
      return saved;
    } catch (problem) {
      if (problem.status !== 412) throw problem;
      this.set({ hasConflict: true });
      await this.refresh();
      throw new Problem(412, { detail: t.webhook.conflict });
    }
  }

  leave() {
    this.edited = null; // discards its changes
    this.requestUpdate();
    this.updateComplete.then(() => (location.hash = this.list));
  }

  hasUnsavedChanges() {
    return Boolean(this.form?.isChanged());
  }

  /** Shows a change that the user has made next to the form. */
  changeElsewhere(updated) {
    this.form?.rebase(updated);
    this.change(updated);
  }

  editForm() {
    return keyed(this.edited, html`
      <rh-webhook-form
        .webhook=${this.edited}
        .stack=${this.params.stack}
        .send=${(changes, basedOn) => this.save(changes, basedOn)}
        .cancel=${cancelLink(this.list)}
        submit=${t.save}
      ></rh-webhook-form>
    `);
  }

  content(webhook) {
    const isAdmin = mayChange(webhook);
    return html`
      <div class="stackup narrowform">
        ${webhook.accountWebhook
          ? html`<p class="notice info">${t.accountWebhooks.readOnly(accountLink(webhook))}</p>`
          : nothing}
        <section class="card" aria-label=${t.deliveries}>
          ${isAdmin
            ? enabledSwitch(webhook, updated => this.changeElsewhere(updated))
            : html`<p>${webhook.enabled ? t.webhook.delivered : t.webhook.notDelivered}.</p>`}
        </section>
        <section class="card stackup" aria-label=${t.webhook.secret}>
          <h2>${t.webhook.secret}</h2>
          ${this.secrets(webhook)}
          ${isAdmin
            ? html`
                <div class="actions">
                  <button type="button" @click=${() => this.rotateSecret()}>${t.secret.rotate}</button>
                </div>
              `
            : nothing}
        </section>
        ${this.hasConflict ? this.conflictNotice() : nothing}
        ${!isAdmin ? settings(webhook) : this.edited ? this.editForm() : nothing}
        ${isAdmin ? this.deleteSection() : nothing}
        <p class="quiet small">
          ${t.webhook.history(relativeTime(webhook.createdAt), relativeTime(webhook.updatedAt))}
          ${isAdmin
            ? html`<a href="#/account/audit${query({ resource: webhook.id })}">${t.webhook.activity}</a>`
            : nothing}
        </p>
      </div>
    `;
  }

  conflictNotice() {
    return html`
      <div class="notice" role="alert">
        ${t.webhook.changed}
        <button type="button" class="small" @click=${() => this.showSaved()}>${t.webhook.discard}</button>
      </div>
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
            @click=${() => askToDelete(this.webhook, () => this.leave())}
          >${t.webhook.delete}</button>
          <span class="hint">${t.cannotUndo}</span>
        </div>
      </section>
    `;
  }

  rotateSecret() {
    askToRotateSecret(this.webhook, updated => {
      this.rotations = (this.rotations ?? 0) + 1;
      this.warnings = updated.warnings;
      this.changeElsewhere(updated);
    });
  }

  /** A new secret is shown after a rotation, because the receiver needs it. */
  secrets(webhook) {
    const previousExpiry = webhook.previousSecretExpiresAt;
    return html`
      ${(this.warnings ?? []).map(text => html`<p class="notice">${text}</p>`)}
      ${keyed(this.rotations, facts([
        [t.secret.current, hiddenSecret(webhook, "secret", t.secret.ofCurrent, this.rotations > 0)],
        [t.secret.standard, hiddenSecret(webhook, "standardSecret", t.secret.ofStandard)],
        previousExpiry && [t.secret.previous, this.previousSecret(webhook, previousExpiry)],
      ]))}
    `;
  }

  previousSecret(webhook, expiry) {
    const expire = () => askToExpireSecret(webhook, () => this.guard(() => this.refresh()));
    return html`
      ${t.secret.expires(relativeTime(expiry))}
      ${mayChange(webhook)
        ? html`<button type="button" class="small" @click=${expire}>${t.secret.expire}</button>`
        : nothing}
    `;
  }
}

/**
 * The settings of a webhook for users who may not change them.
 *
 * @param {Api["Webhook"]} webhook
 */
function settings(webhook) {
  const { endpoint, name, format, states, types, driftDetection, headers, timeout, retrySchedule, effective } =
    webhook;
  const orAll = (names, all) => (names.length === 0 ? all : names.map(stateName).join(", "));
  const orDefault = (own, text) => (own === null ? t.webhook.serverDefault(text) : text);
  const delays = effective.retrySchedule.map(shortDuration).join(", ") || t.webhook.noRetries;
  return html`
    <section class="card" aria-label=${t.settings}>
      <h2>${t.settings}</h2>
      ${facts([
        [t.webhook.endpoint, html`<span class="code">${endpoint}</span>`],
        name && [t.webhook.name, html`<bdi>${name}</bdi>`],
        [t.webhook.format, t.webhook.formats[format]],
        [t.webhook.states, orAll(states, t.webhook.all)],
        [t.webhook.types, orAll(types, t.webhook.all)],
        [t.webhook.drift, t.webhook.driftOptions[driftDetection ?? ""]],
        ...filterFacts(webhook),
        [t.webhook.headers, Object.keys(headers ?? {}).join(", ") || "–"],
        [t.webhook.timeout, orDefault(timeout, shortDuration(effective.timeout))],
        [t.webhook.schedule, orDefault(retrySchedule, delays)],
      ])}
    </section>
  `;
}

customElements.define("rh-webhook-edit", WebhookEditView);
