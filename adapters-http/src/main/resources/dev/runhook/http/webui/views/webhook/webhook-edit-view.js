import { html, nothing } from "lit";
import { api, e } from "../../api/api.js";
import { learnStack } from "../../api/names.js";
import { View, facts, toast } from "../../components/view.js";
import { session } from "../../api/session.js";
import { t } from "../../text/messages.js";
import { stateName } from "../../components/status-badges.js";
import { relativeTime, shortDuration } from "../../text/time.js";
import { settingsLayout } from "../stack/stack-layout.js";
import { editing } from "./webhook-editing.js";
import { filterFacts } from "./webhook-filters.js";
import { WebhookView } from "./webhook-layout.js";
import { accountLink, added, enabledSwitch, mayChange, switchState } from "../../components/webhook-actions.js";

/** The form that adds a webhook. */
class NewWebhookView extends editing(View) {
  get list() {
    return `#/stacks/${e(this.params.stack)}/settings/integrations`;
  }

  start() {
    if (session.may("admin")) this.focusForm();
    this.guard(() => learnStack(this.params.stack, this.signal));
  }

  async focusForm() {
    await this.updateComplete;
    await this.form.updateComplete;
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
    return settingsLayout(this.params.stack, "integrations", html`
      <section>
        <div class="title"><h2>${t.webhook.add}</h2></div>
        ${session.may("admin") ? this.settingsForm() : html`<p class="notice">${t.webhook.addNotAllowed}</p>`}
      </section>
    `);
  }
}

customElements.define("rh-webhook-new", NewWebhookView);

/** The settings of a webhook: enabled or not, secret, endpoint and filters, deletion. */
class WebhookEditView extends editing(WebhookView) {
  tab = "edit";

  get list() {
    return `#/stacks/${e(this.params.stack)}/settings/integrations`;
  }

  /** The form appears together with the other sections, which it would move. */
  async receive() {
    const { webhook } = await super.receive();
    return this.edited === undefined ? { webhook, edited: webhook } : { webhook };
  }

  /** Shows the form with the saved settings, without the user's input. */
  discard() {
    this.set({ edited: this.webhook, hasConflict: false });
  }

  async showConflict() {
    this.set({ hasConflict: true });
    await this.load();
  }

  content(webhook) {
    const isAdmin = mayChange(webhook);
    return html`
      <div class="stackup formview">
        ${webhook.accountWebhook
          ? html`<p class="notice info">${t.accountWebhooks.readOnly(accountLink(webhook))}</p>`
          : nothing}
        <section class="card" aria-label=${t.deliveries}>
          ${isAdmin
            ? enabledSwitch(webhook, updated => this.changeElsewhere(updated))
            : html`<p>${switchState(webhook.enabled)}.</p>`}
        </section>
        ${this.secretSection(webhook)}
        ${this.hasConflict ? this.conflictNotice() : nothing}
        ${!isAdmin ? settings(webhook) : this.edited ? this.settingsForm() : nothing}
        ${isAdmin ? this.deleteSection() : nothing}
        <p class="quiet small">
          ${t.webhook.history(relativeTime(webhook.createdAt), relativeTime(webhook.updatedAt))}
        </p>
      </div>
    `;
  }

  conflictNotice() {
    return html`
      <div class="notice" role="alert">
        ${t.webhook.changed}
        <button type="button" class="small" @click=${() => this.discard()}>${t.webhook.discard}</button>
      </div>
    `;
  }

}

/**
 * The settings of a webhook for users who may not change them.
 *
 * @param {Api["Webhook"]} webhook
 */
function settings(webhook) {
  const {
    endpoint, name, externalId, format, states, types, driftDetection, headers, timeout, retrySchedule, maxPerSecond,
    maxPerMinute, collapse, effective,
  } = webhook;
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
        maxPerSecond !== null && [t.webhook.perSecond, maxPerSecond],
        maxPerMinute !== null && [t.webhook.perMinute, maxPerMinute],
        collapse && [t.webhook.collapse, "✓"],
        externalId && [t.webhook.externalId, html`<bdi>${externalId}</bdi>`],
      ])}
    </section>
  `;
}

customElements.define("rh-webhook-edit", WebhookEditView);
