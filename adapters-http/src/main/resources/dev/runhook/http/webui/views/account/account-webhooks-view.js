import { html, nothing } from "lit";
import { keyed } from "lit/directives/keyed.js";
import { repeat } from "lit/directives/repeat.js";
import { AccountView } from "./account-layout.js";
import { Problem, api, e, query } from "../../api/api.js";
import { hiddenSecret } from "../../components/clipboard.js";
import { pageLinks } from "../../components/filter.js";
import { t } from "../../text/messages.js";
import { learnName } from "../../api/names.js";
import { badge, stateName } from "../../components/status-badges.js";
import { relativeTime } from "../../text/time.js";
import { emptyState, facts, sheet, toast } from "../../components/view.js";
import {
  askToDelete,
  askToExpireSecret,
  askToRotateSecret,
  enabledSwitch,
  nameOf,
  pathOf,
  testSection,
} from "../../components/webhook-actions.js";
import "../webhook/webhook-form.js";

const LIST = "#/account/webhooks";
const HEADS = [t.nav.webhook, t.accountWebhooks.stacks, t.accountWebhooks.copies, t.webhook.enabled, ["", "num"]];
const cancelLink = html`<a class="button" href=${LIST}>${t.cancel}</a>`;

/** Account → Webhooks: the webhooks for all stacks that their selectors match. */
class AccountWebhooksView extends AccountView {
  page = "webhooks";
  revision = 0;

  async load() {
    const { revision } = this;
    const { after } = this.params.query;
    const webhooks = await api.get(`/account-webhooks${query({ limit: 100, after })}`, this.signal);
    if (revision === this.revision) this.set({ webhooks }); // otherwise, the user has changed one since
  }

  get isLoaded() {
    return Boolean(this.webhooks);
  }

  actions() {
    return html`<a class="button primary" href="${LIST}/new">${t.webhook.add}</a>`;
  }

  content() {
    const { items, next } = this.webhooks;
    if (items.length === 0) return emptyState(t.accountWebhooks.none);
    return html`
      ${sheet(HEADS, repeat(items, webhook => webhook.id, webhook => this.row(webhook)))}
      ${pageLinks(LIST, this.params.query, next)}
    `;
  }

  change(updated) {
    this.revision++;
    const items = this.webhooks.items.map(each => (each.id === updated.id ? updated : each));
    this.set({ webhooks: { ...this.webhooks, items } });
  }

  /** @param {Api["AccountWebhook"]} webhook */
  row(webhook) {
    const name = nameOf(webhook);
    const href = `${LIST}/${e(webhook.id)}`;
    return html`
      <tr>
        <td class="wide whole">
          <a class="name rowlink" href=${href} dir="auto">${name}</a>
          ${webhook.name ? html`<span class="two code">${webhook.endpoint}</span>` : nothing}
          <span class="two">${t.integrations.events(webhook, stateName)}</span>
        </td>
        <td class="whole">${t.accountWebhooks.selector(webhook.selector)}</td>
        <td>${copies(webhook)}</td>
        <td>${enabledSwitch(webhook, updated => this.change(updated), `${t.webhook.enabled}: ${name}`)}</td>
        <td class="num"><a class="button small" href=${href} aria-label="${t.edit} ${name}">${t.edit}</a></td>
      </tr>
    `;
  }
}

customElements.define("rh-account-webhooks", AccountWebhooksView);

/**
 * The numbers of stacks with a copy and of copies with a problem.
 *
 * @param {Api["AccountWebhook"]} webhook
 */
function copies({ copied, copies: { active, paused, disabled }, enabled }) {
  return html`
    ${t.accountWebhooks.onStacks(active + paused + disabled)}
    ${paused > 0 ? badge("warn", t.accountWebhooks.paused(paused)) : nothing}
    ${enabled && disabled > 0 ? badge("bad", t.accountWebhooks.disabled(disabled)) : nothing}
    ${copied ? nothing : html`<span class="two">${t.accountWebhooks.uncopied}</span>`}
  `;
}

/** The form for a new or an existing account webhook, and the actions on an existing one. */
class AccountWebhookEditView extends AccountView {
  page = "webhooks";

  get isNew() {
    return !this.params.webhook;
  }

  get form() {
    return this.querySelector("rh-webhook-form");
  }

  get isLoaded() {
    return this.isNew || Boolean(this.webhook);
  }

  get heading() {
    if (this.isNew) return t.webhook.add;
    return this.webhook ? nameOf(this.webhook) : t.nav.webhook;
  }

  async load() {
    if (this.isNew) return;
    const webhook = await api.get(`/account-webhooks/${e(this.params.webhook)}`, this.signal);
    learnName(webhook.id, nameOf(webhook));
    this.set({ webhook, edited: this.edited ?? webhook });
  }

  hasUnsavedChanges() {
    return Boolean(this.form?.isChanged());
  }

  async add(body) {
    const webhook = await api.post("/account-webhooks", body);
    toast([t.webhook.added, ...webhook.warnings].join(" "));
    this.leave(`${LIST}/${e(webhook.id)}`);
    return webhook;
  }

  async save(changes, basedOn) {
    try {
      const webhook = await api.patch(pathOf(this.webhook), changes, basedOn);
      this.set({ webhook });
      toast(t.saved);
      return webhook;
    } catch (problem) {
      if (problem.status !== 412) throw problem;
      throw new Problem(412, { detail: t.webhook.conflict });
    }
  }

  leave(href) {
    this.edited = null; // discards its changes
    this.isLeaving = true;
    this.requestUpdate();
    this.updateComplete.then(() => (location.hash = href));
  }

  /** Shows a change that the user has made next to the form. */
  changeElsewhere(webhook) {
    this.form?.rebase(webhook);
    this.set({ webhook });
  }

  content() {
    if (this.isLeaving) return nothing;
    return html`<div class="stackup narrowform">${this.isNew ? this.newForm() : this.details(this.webhook)}</div>`;
  }

  newForm() {
    return html`
      <rh-webhook-form
        withSelector
        .send=${body => this.add(body)}
        .cancel=${cancelLink}
        submit=${t.webhook.add}
      ></rh-webhook-form>
    `;
  }

  details(webhook) {
    return html`
      <section class="card" aria-label=${t.accountWebhooks.copies}>
        <p>${copies(webhook)}</p>
        ${enabledSwitch(webhook, updated => this.changeElsewhere(updated))}
      </section>
      ${testSection(this, webhook)}
      <section class="card stackup" aria-label=${t.webhook.secret}>
        <h2>${t.webhook.secret}</h2>
        ${this.secrets(webhook)}
        <div class="actions">
          <button type="button" @click=${() => this.rotateSecret()}>${t.secret.rotate}</button>
        </div>
      </section>
      ${keyed(this.edited, html`
        <rh-webhook-form
          withSelector
          .webhook=${this.edited}
          .send=${(changes, basedOn) => this.save(changes, basedOn)}
          .cancel=${cancelLink}
          submit=${t.save}
        ></rh-webhook-form>
      `)}
      <section class="card" aria-label=${t.webhook.delete}>
        <h2>${t.webhook.deleteHeading}</h2>
        <div class="actions">
          <button type="button" class="danger" @click=${() => askToDelete(webhook, () => this.leave(LIST))}>
            ${t.webhook.delete}
          </button>
          <span class="hint">${t.cannotUndo}</span>
        </div>
      </section>
    `;
  }

  rotateSecret() {
    askToRotateSecret(this.webhook, updated => {
      this.rotations = (this.rotations ?? 0) + 1;
      this.changeElsewhere(updated);
    });
  }

  secrets(webhook) {
    const expiry = webhook.previousSecretExpiresAt;
    const expire = () => askToExpireSecret(webhook, () => this.guard(() => this.load()));
    return keyed(this.rotations, facts([
      [t.secret.current, hiddenSecret(webhook, "secret", t.secret.ofCurrent, this.rotations > 0)],
      [t.secret.standard, hiddenSecret(webhook, "standardSecret", t.secret.ofStandard)],
      expiry && [t.secret.previous, html`
        ${t.secret.expires(relativeTime(expiry))}
        <button type="button" class="small" @click=${expire}>${t.secret.expire}</button>
      `],
    ]));
  }
}

customElements.define("rh-account-webhook-edit", AccountWebhookEditView);
