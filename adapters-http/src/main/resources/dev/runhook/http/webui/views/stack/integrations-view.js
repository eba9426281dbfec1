import { html, nothing } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { api, e, query } from "../../api/api.js";
import { learnName } from "../../api/names.js";
import { t } from "../../text/messages.js";
import { View, emptyState, sheet, skeleton } from "../../components/view.js";
import { isDisabledByUser, stateName, webhookBadge } from "../../components/status-badges.js";
import { curlExample } from "../../components/clipboard.js";
import { session } from "../../api/session.js";
import { settingsLayout } from "./stack-layout.js";
import { deliveredShare, firstAttemptShare } from "../../api/stats.js";
import { relativeTime } from "../../text/time.js";
import {
  accountLink,
  added,
  enabledSwitch,
  mayChange,
  nameOf,
  statusNotice,
} from "../../components/webhook-actions.js";

const MIN_SEARCHED = 5;
const MAX_RATES = 50;
const RATES_INTERVAL = 60_000;
const HEADS = [
  t.nav.webhook,
  t.integrations.status,
  t.integrations.last,
  [html`<span title=${t.integrations.successTitle}>${t.integrations.success}</span>`, "num"],
  t.webhook.enabled,
  ["", "num"],
];

/** Settings → Integrations: the webhooks of a stack. */
class IntegrationsView extends View {
  revision = 0;
  rates = new Map();

  start() {
    this.addedId = added.id;
    added.id = null;
    this.poll(5000, () => this.load());
    this.every(RATES_INTERVAL, () => this.loadRates());
  }

  async load() {
    const { revision } = this;
    const path = `/stacks/${e(this.params.stack)}`;
    const [stack, page] = await Promise.all([
      this.stack ?? api.get(path, this.signal),
      api.get(`${path}/webhooks${query({ limit: 200 })}`, this.signal),
    ]);
    if (revision !== this.revision) return; // the user has changed a webhook since
    learnName(stack.id, stack.name);
    const isFirst = !this.webhooks;
    this.set({ stack, webhooks: page.items });
    if (!isFirst) return;
    this.guard(() => this.loadRates());
    await this.updateComplete;
    this.querySelector(".fresh")?.scrollIntoView({ block: "nearest" });
  }

  change(updated) {
    this.revision++;
    this.set({ webhooks: this.webhooks.map(each => (each.id === updated.id ? updated : each)) });
  }

  /** Loads the success rates one after another, because each is computed from many deliveries. */
  async loadRates() {
    for (const { stack, id } of this.webhooks.slice(0, MAX_RATES)) {
      const stats = await api.get(`/stacks/${e(stack)}/webhooks/${e(id)}/stats?window=day`, this.signal);
      this.rates.set(id, { delivered: deliveredShare(stats), first: firstAttemptShare(stats) });
      this.requestUpdate();
    }
  }

  get base() {
    return `#/stacks/${e(this.params.stack)}/settings/integrations`;
  }

  render() {
    return settingsLayout(this.params.stack, this.stack?.name, "integrations", html`
      <section aria-labelledby="integrations">
        <div class="title">
          <h2 id="integrations">${t.nav.integrations}</h2>
          <div class="actions">
            ${session.may("admin")
              ? html`<a class="button primary" href="${this.base}/new">${t.webhook.add}</a>`
              : nothing}
          </div>
        </div>
        <p class="lead">
          ${t.integrations.lead}
        </p>
        <div>${this.content()}</div>
      </section>
    `);
  }

  content() {
    const { webhooks } = this;
    if (!webhooks) return skeleton();
    if (webhooks.length === 0) return this.emptyState();
    const search = (this.params.query.search ?? "").toLowerCase();
    const shown = webhooks.filter(({ name, endpoint }) => `${name} ${endpoint}`.toLowerCase().includes(search));
    return html`
      ${webhooks.length > MIN_SEARCHED || search ? this.searchForm() : nothing}
      ${shown.length === 0
        ? emptyState(t.integrations.noMatch)
        : sheet(HEADS, repeat(shown, webhook => webhook.id, webhook => this.row(webhook)))}
    `;
  }

  searchForm() {
    const search = event => {
      this.params.query = { search: event.target.value.trim() };
      history.replaceState(history.state, "", this.base + query(this.params.query));
      this.requestUpdate();
    };
    return html`
      <div class="filters">
        <input
          type="search"
          class="search"
          aria-label=${t.integrations.search}
          placeholder=${t.integrations.search}
          aria-keyshortcuts="/"
          autocomplete="off"
          .value=${this.params.query.search ?? ""}
          @input=${search}
        >
      </div>
    `;
  }

  /** @param {Api["Webhook"]} webhook */
  row(webhook) {
    const base = `${this.base}/${e(webhook.id)}`;
    const name = nameOf(webhook);
    const onChange = updated => this.change(updated);
    const isAdmin = mayChange(webhook);
    const latest = [webhook.lastSuccessAt, webhook.lastFailureAt].filter(Boolean).sort().at(-1);
    return html`
      <tr class=${webhook.id === this.addedId ? "fresh" : ""}>
        <td class="wide whole">
          <a class="name rowlink" href="${base}/deliveries" dir="auto">${name}</a>
          ${webhook.name ? html`<span class="two code">${webhook.endpoint}</span>` : nothing}
          <span class="two">${t.integrations.events(webhook, stateName)}</span>
          ${webhook.accountWebhook ? html`<span class="two">${accountLink(webhook)}</span>` : nothing}
        </td>
        <td>${webhookBadge(webhook)}</td>
        <td data-label=${t.integrations.last}>${latest ? relativeTime(latest) : t.never}</td>
        <td data-label=${t.integrations.success} class="num">${rate(this.rates.get(webhook.id))}</td>
        <td>
          ${isAdmin
            ? enabledSwitch(webhook, onChange, `${t.webhook.enabled}: ${name}`)
            : html`<span class="quiet small">${webhook.enabled ? t.webhook.delivered : t.webhook.notDelivered}</span>`}
        </td>
        <td class="num">
          <a class="button small" href=${base} aria-label="${isAdmin ? t.edit : t.settings} ${name}">
            ${isAdmin ? t.edit : t.settings}
          </a>
        </td>
      </tr>
      ${this.notice(webhook, onChange)}
    `;
  }

  notice(webhook, onChange) {
    const notice = statusNotice(webhook, onChange, "small");
    if (notice === nothing || (isDisabledByUser(webhook) && webhook.failedDeliveries === 0)) return nothing;
    return html`<tr class="attached"><td class="whole" colspan=${HEADS.length}>${notice}</td></tr>`;
  }

  emptyState() {
    const path = `/stacks/${e(this.params.stack)}/webhooks`;
    const hint = session.may("admin")
      ? html`
          <p>${t.integrations.addHint}</p>
          ${curlExample("POST", path, { endpoint: "https://example.com/hooks" })}
        `
      : html`<p>${t.integrations.askAdmin}</p>`;
    return emptyState(t.integrations.none, hint);
  }
}

customElements.define("rh-integrations", IntegrationsView);

/** The success rate, and that of first attempts if it differs. */
function rate({ delivered = null, first = null } = {}) {
  return html`
    ${delivered ?? "–"}
    ${first !== null && first !== delivered
      ? html`<span class="two">${t.integrations.firstAttempt(first)}</span>`
      : nothing}
  `;
}
