import { html, nothing } from "lit";
import { api, e, query } from "../../api/api.js";
import { learnStack } from "../../api/names.js";
import { t } from "../../text/messages.js";
import { ListView, labeled, searchField } from "../../components/list.js";
import { emptyState, skeleton } from "../../components/view.js";
import { webhookBadge } from "../../components/status-badges.js";
import { curlExample } from "../../components/clipboard.js";
import { session } from "../../api/session.js";
import { byCause, causeItem } from "../causes.js";
import { settingsLayout } from "./stack-layout.js";
import { NONE, lastAttempt, pending, share } from "../webhook/webhook-figures.js";
import { duration } from "../../text/time.js";
import {
  addressOf,
  added,
  editLink,
  healthNotice,
  mayChange,
  nameCell,
  namedSwitch,
  switchState,
} from "../../components/webhook-actions.js";

const MIN_SEARCHED = 5;
const { last, waiting, latency, latencyTitle, success, successTitle } = t.integrations;

/** Settings → Integrations: the webhooks of a stack. */
class IntegrationsView extends ListView {
  interval = 5000;
  columns = [
    [t.nav.webhook, webhook => nameCell(webhook, `${addressOf(webhook)}/deliveries`), "wide whole"],
    [t.integrations.status, webhookBadge],
    labeled(last, lastAttempt),
    labeled(waiting, pending, "num waiting"),
    labeled(latency, latencies, "num nowrap", html`<span title=${latencyTitle}>${latency}</span>`),
    labeled(success, rates, "num", html`<span title=${successTitle}>${success}</span>`),
    labeled(t.webhook.enabled, webhook => this.enabled(webhook), "enabled"),
    ["", webhook => editLink(webhook, addressOf(webhook), mayChange(webhook) ? t.edit : t.settings), "num edit"],
  ];

  styleOf = webhook => (webhook.id === this.addedId ? "fresh" : "");

  start() {
    this.addedId = added.id;
    added.id = null;
    super.start();
  }

  get path() {
    return `/stacks/${e(this.params.stack)}`;
  }

  get address() {
    return `#${this.path}/settings/integrations`;
  }

  async receive() {
    const [page] = await Promise.all([
      api.get(`${this.path}/webhooks${query({ limit: 200 })}`, this.signal),
      learnStack(this.params.stack, this.signal),
    ]);
    return { page };
  }

  async load() {
    const isFirst = !this.page;
    const isShown = await super.load();
    if (!isFirst) return isShown;
    await this.updateComplete;
    this.querySelector(".fresh")?.scrollIntoView({ block: "nearest" });
    return isShown;
  }

  render() {
    return settingsLayout(this.params.stack, "integrations", html`
      <section aria-labelledby="integrations">
        <div class="title">
          <h2 id="integrations">${t.account.webhooks}</h2>
          <div class="actions">
            ${session.may("admin")
              ? html`<a class="button primary" href="${this.address}/new">${t.webhook.add}</a>`
              : nothing}
          </div>
        </div>
        <p class="lead">
          ${t.integrations.lead}
        </p>
        <div>${this.page ? this.content(this.page) : skeleton()}</div>
      </section>
    `);
  }

  content({ items }) {
    const { search = "" } = this.params.query;
    const shown = items.filter(each => `${each.name} ${each.endpoint}`.toLowerCase().includes(search.toLowerCase()));
    const label = t.integrations.search;
    const field = searchField(label, label, search, text => this.chooseQuery({ search: text }));
    const causes = this.sharedCauses;
    return html`
      ${causes.length > 0
        ? html`
            <ol class="fixes stackup">
              ${causes.map(([, webhooks]) => causeItem(webhooks, updated => this.change(updated), () => this.reload()))}
            </ol>
          `
        : nothing}
      ${items.length > (search ? 0 : MIN_SEARCHED) ? html`<div class="filters">${field}</div>` : nothing}
      ${this.list({ items: shown, next: null })}
    `;
  }

  /** The causes that several webhooks have in common, which are shown once and not below each of them. */
  get sharedCauses() {
    return byCause(this.page.items.filter(({ health }) => health.needsAttention)).filter(([, { length }]) => length > 1);
  }

  below = webhook =>
    webhook.health.needsAttention && !this.sharedCauses.some(([, webhooks]) => webhooks.includes(webhook))
      ? html`
          <tr class="attached">
            <td class="whole" colspan=${this.columns.length}>
              ${healthNotice(webhook, updated => this.change(updated), "small")}
            </td>
          </tr>
        `
      : nothing;

  enabled(webhook) {
    return mayChange(webhook)
      ? namedSwitch(webhook, updated => this.change(updated))
      : html`<span class="quiet small" title=${switchState(webhook.enabled)}>${t.integrations.isOn(webhook.enabled)}</span>`;
  }

  empty() {
    if (this.page.items.length > 0) return emptyState(t.integrations.noMatch);
    const hint = session.may("admin")
      ? html`
          <p>${t.integrations.addHint}</p>
          ${curlExample("POST", `${this.path}/webhooks`, { endpoint: "https://example.com/hooks" })}
        `
      : html`<p>${t.integrations.askAdmin}</p>`;
    return emptyState(t.integrations.none, hint);
  }
}

customElements.define("rh-integrations", IntegrationsView);

/** The median, and the 99th percentile if it differs. */
function latencies({ health: { recent: { p50Ms, p99Ms } } }) {
  if (p50Ms === null) return NONE;
  const [median, p99] = [p50Ms, p99Ms].map(duration);
  return html`${median}${p99 === median ? nothing : html`<span class="two">${t.integrations.p99(p99)}</span>`}`;
}

/** The success rate, and that of first attempts if it differs. */
function rates({ health: { recent: { total, delivered, deliveredAtFirst } } }) {
  const [all, first] = [delivered, deliveredAtFirst].map(part => share(part, total));
  return html`
    ${all} ${first === all ? nothing : html`<span class="two">${t.integrations.firstAttempt(first)}</span>`}
  `;
}
