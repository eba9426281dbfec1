import { html, nothing } from "lit";
import { accountLayout } from "./account-layout.js";
import { api, e, query } from "../../api/api.js";
import { ListView } from "../../components/list.js";
import { t } from "../../text/messages.js";
import { texts } from "../../text/messages-en-account.js";
import { learnName } from "../../api/names.js";
import { badge } from "../../components/status-badges.js";
import { View, emptyState, skeleton, toast } from "../../components/view.js";
import { editLink, enabledSwitch, nameCell, nameOf, namedSwitch, secretButton } from "../../components/webhook-actions.js";
import { testSections } from "../webhook/receiver-view.js";
import { editing } from "../webhook/webhook-editing.js";

const LIST = "#/account/webhooks";

/** Account → Webhooks: the webhooks for all stacks that their selectors match. */
class AccountWebhooksView extends ListView {
  address = LIST;
  columns = [
    [t.nav.webhook, webhook => nameCell(webhook, addressOf(webhook)), "wide whole"],
    [texts.webhooks.stacks, ({ selector }) => texts.webhooks.selector(selector), "whole"],
    [texts.webhooks.copies, copies],
    [t.webhook.enabled, webhook => namedSwitch(webhook, updated => this.change(updated))],
    ["", webhook => editLink(webhook, addressOf(webhook)), "num"],
  ];

  empty = () => emptyState(texts.webhooks.none);

  get request() {
    return `/account-webhooks${query({ limit: 100, after: this.params.query.after })}`;
  }

  render() {
    const add = html`<a class="button primary" href="${LIST}/new">${t.webhook.add}</a>`;
    return accountLayout("webhooks", this.list(), add);
  }
}

customElements.define("rh-account-webhooks", AccountWebhooksView);

const addressOf = ({ id }) => `${LIST}/${e(id)}`;

/**
 * The numbers of stacks with a copy and of copies with a problem.
 *
 * @param {Api["AccountWebhook"]} webhook
 */
function copies({ copied, copies: { active, paused, disabled }, enabled }) {
  return html`
    ${texts.webhooks.onStacks(active + paused + disabled)}
    ${paused > 0 ? badge("warn", texts.webhooks.paused(paused)) : nothing}
    ${enabled && disabled > 0 ? badge("bad", texts.webhooks.disabled(disabled)) : nothing}
    ${copied ? nothing : html`<span class="two">${texts.webhooks.uncopied}</span>`}
  `;
}

/** The form for a new or an existing account webhook, and the actions on an existing one. */
class AccountWebhookEditView extends editing(View) {
  interval = 15_000;
  list = LIST;

  async receive() {
    if (!this.params.webhook) return {};
    const webhook = await api.get(`/account-webhooks/${e(this.params.webhook)}`, this.signal);
    learnName(webhook.id, nameOf(webhook));
    return { webhook, edited: this.edited ?? webhook };
  }

  change(webhook) {
    this.revision++;
    this.set({ webhook });
  }

  async add(body) {
    const webhook = await api.post("/account-webhooks", body);
    toast([t.webhook.added, ...webhook.warnings].join(" "));
    this.leave(addressOf(webhook));
    return webhook;
  }

  render() {
    const isNew = !this.params.webhook;
    const { webhook } = this;
    const heading = isNew ? t.webhook.add : webhook ? nameOf(webhook) : t.nav.webhook;
    return accountLayout("webhooks", isNew || webhook ? this.content(webhook) : skeleton(), nothing, heading);
  }

  content(webhook) {
    if (this.isLeaving) return nothing;
    return html`<div class="stackup formview">${webhook ? this.details(webhook) : this.settingsForm()}</div>`;
  }

  details(webhook) {
    return html`
      <section class="card" aria-label=${texts.webhooks.copies}>
        <p>${copies(webhook)}</p>
        ${enabledSwitch(webhook, updated => this.changeElsewhere(updated))}
      </section>
      ${testSections(this, webhook)}
      ${this.secretSection(webhook, secretButton(webhook, updated => this.changeElsewhere(updated)))}
      ${this.settingsForm()} ${this.deleteSection()}
    `;
  }
}

customElements.define("rh-account-webhook-edit", AccountWebhookEditView);
