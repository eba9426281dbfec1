import { html, nothing } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { e, fetchPages } from "../api/api.js";
import { ListView, grouped, searchField } from "../components/list.js";
import { ariaSort, orderOf, ordered, sortButton } from "../components/sorting.js";
import { webhookBadge } from "../components/status-badges.js";
import { emptyState, skeleton, title } from "../components/view.js";
import { addressOf, editByKey, hostOf, nameLink, nameOf } from "../components/webhook-actions.js";
import { t } from "../text/messages.js";
import { duration } from "../text/time.js";
import { NONE, lastAttempt, lastAttemptAt, pending, share, sparkline } from "./webhook/webhook-figures.js";

const MAX_PAGES = 10;
const MAX_ROWS = 200;
const WORST_FIRST = ["FAILING", "PAUSED", "DISABLED", "DEGRADED", "HEALTHY", "IDLE"];
const { heads } = t.receivers;

const ratio = (part, total) => (total === 0 ? null : part / total);
const millis = value => (value === null ? NONE : duration(value));

/**
 * The columns by the name of their order: the value of a webhook by which they order, the cell, the class, and whether
 * the first click puts the largest value first.
 *
 * @type {Record<string, { value: (webhook: Api["Webhook"]) => any, cell?: (webhook: Api["Webhook"]) => unknown, style?: string, isDescending?: boolean }>}
 */
const COLUMNS = {
  name: { value: webhook => nameOf(webhook).toLowerCase(), cell: name, style: "wide whole" },
  stack: {
    value: ({ stack }) => stack,
    cell: ({ stack }) => html`<a href="#/stacks/${e(stack)}">${stack}</a>`,
    style: "stack",
  },
  status: { value: ({ health }) => WORST_FIRST.indexOf(health.verdict), cell: webhookBadge, style: "status" },
  trend: {
    value: ({ health }) => health.trend.failed.findLastIndex(Boolean),
    cell: sparkline,
    style: "trend",
    isDescending: true,
  },
  success: {
    value: ({ health }) => health.recent.successRate,
    cell: ({ health: { recent } }) => share(recent.delivered, recent.total),
    style: "num",
  },
  first: {
    value: ({ health: { recent } }) => ratio(recent.deliveredAtFirst, recent.total),
    cell: ({ health: { recent } }) => share(recent.deliveredAtFirst, recent.total),
    style: "num",
  },
  p50: {
    value: ({ health }) => health.recent.p50Ms,
    cell: ({ health }) => millis(health.recent.p50Ms),
    style: "num nowrap",
    isDescending: true,
  },
  p99: {
    value: ({ health }) => health.recent.p99Ms,
    cell: ({ health }) => millis(health.recent.p99Ms),
    style: "num nowrap",
    isDescending: true,
  },
  waiting: {
    value: ({ pendingDeliveries }) => pendingDeliveries,
    cell: pending,
    style: "num waiting",
    isDescending: true,
  },
  oldest: { value: ({ health }) => health.oldestPendingAt }, // shown with those that wait
  last: { value: lastAttemptAt, cell: lastAttempt, style: "last", isDescending: true },
};

const SHOWN = Object.entries(COLUMNS).filter(([, { cell }]) => cell);

/** The groups that a webhook belongs to, by the name of the grouping. A stack can have several labels. */
const GROUPS = {
  "": () => [null],
  host: webhook => [hostOf(webhook)],
  stack: ({ stack }) => [stack],
  label: ({ stack }, labels) => (labels ? labels.get(stack) ?? [t.receivers.noLabel] : [null]),
};

/** The webhooks of all stacks with their figures, ordered by one of them, to compare receivers. */
class ReceiversView extends ListView {
  interval = 15_000;
  address = "#/receivers";
  isExpanded = false;

  start() {
    super.start();
    editByKey(this);
  }

  async receive() {
    const onPart = arrived => this.page || this.set({ arrived });
    const [page, labels] = await Promise.all([
      fetchPages("/webhooks", {}, MAX_PAGES, this.signal, onPart),
      this.params.query.group === "label" ? this.receiveLabels() : this.labels,
    ]);
    return { page, labels };
  }

  /** The labels of the stacks that have any, by the id of the stack. */
  async receiveLabels() {
    const { items } = await fetchPages("/stacks", {}, MAX_PAGES, this.signal);
    return new Map(items.filter(({ labels }) => labels.length > 0).map(({ id, labels }) => [id, labels]));
  }

  get order() {
    return orderOf(this.params.query, COLUMNS, "status");
  }

  /** The webhooks that match the search, in order. Those without a value are the last. */
  get found() {
    const search = (this.params.query.search ?? "").toLowerCase();
    const { by, isDescending } = this.order;
    const found = (this.page ?? this.arrived).items
      .filter(({ name, endpoint, stack }) => `${name} ${endpoint} ${stack}`.toLowerCase().includes(search));
    return ordered(found, COLUMNS[by].value, isDescending);
  }

  /** Changes the same query, because a page that is loading fits any order. */
  choose(chosen) {
    this.chooseQuery(Object.assign(this.params.query, chosen));
    if (chosen.group === "label" && !this.labels) this.reload();
  }

  render() {
    const isLoaded = this.page ?? this.arrived;
    const { isDescending, by } = this.order;
    const isSlowest = by === "p99" && isDescending;
    return html`
      ${title(t.receivers.title, html`
        ${searchField(t.integrations.search, t.receivers.placeholder, this.params.query.search, search => this.choose({ search }))}
      `)}
      <p class="lead">${t.receivers.lead}</p>
      <div class="filters" role="group" aria-label=${t.receivers.arrange}>
        ${this.select("sort", t.receivers.sort, Object.keys(COLUMNS).map(each => [each, heads[each]]), by)}
        ${this.select("group", t.receivers.group, Object.entries(t.receivers.groups), this.params.query.group ?? "")}
        <button type="button" aria-pressed=${String(isSlowest)} @click=${() => this.choose({ sort: "p99", order: "" })}>
          ${t.receivers.slowest}
        </button>
        <button type="button" aria-disabled=${String(!this.page)} @click=${() => this.page && download(this.found)}>
          ${t.receivers.download}
        </button>
      </div>
      <div class="more">${isLoaded ? this.table(this.found) : skeleton(8)}</div>
    `;
  }

  select(name, label, options, chosen) {
    const onChange = event => this.choose({ [name]: event.target.value, ...(name === "sort" ? { order: "" } : {}) });
    return html`
      <label>
        ${label}
        <select name=${name} @change=${onChange}>
          ${options.map(([value, text]) => html`<option value=${value} ?selected=${value === chosen}>${text}</option>`)}
        </select>
      </label>
    `;
  }

  table(found) {
    if (found.length === 0) return emptyState(this.params.query.search ? t.integrations.noMatch : t.integrations.none);
    const groupsOf = GROUPS[this.params.query.group] ?? GROUPS[""];
    const members = found.flatMap(webhook => groupsOf(webhook, this.labels).map(group => ({ group, webhook })));
    const groups = grouped(members, ({ group }) => group);
    let room = this.isExpanded ? Infinity : MAX_ROWS;
    const body = ([group, of]) => {
      const shown = of.slice(0, room);
      room -= shown.length;
      if (shown.length === 0) return nothing;
      return html`
        <tbody>
          ${group === null ? nothing : groupRow(group, of.length)}
          ${repeat(shown, ({ webhook }) => webhook.id, ({ webhook }) => row(webhook))}
        </tbody>
      `;
    };
    const count = this.isExpanded ? 0 : members.length - MAX_ROWS;
    return html`
      <div class="sheet">
        <table class="cards">
          <thead><tr>${SHOWN.map(([key, { style }]) => this.head(key, style))}</tr></thead>
          ${repeat(groups, ([group]) => group, body)}
        </table>
      </div>
      ${count > 0
        ? html`
            <p class="actions more">
              <button type="button" @click=${() => this.set({ isExpanded: true })}>${t.home.more(count)}</button>
            </p>
          `
        : nothing}
      ${this.page?.next ? html`<p class="quiet more">${t.receivers.limited(this.page.items.length)}</p>` : nothing}
    `;
  }

  head(key, style) {
    const { order } = this;
    return html`
      <th scope="col" class=${style ?? nothing} aria-sort=${ariaSort(key, order)}>
        ${sortButton(key, heads[key], order, chosen => this.choose(chosen), t.receivers.titles[key])}
      </th>
    `;
  }
}

customElements.define("rh-receivers", ReceiversView);

function name(webhook) {
  return html`
    ${nameLink(webhook, `${addressOf(webhook)}/deliveries`)}
    ${webhook.name ? html`<span class="two code clip">${webhook.endpoint}</span>` : nothing}
  `;
}

const groupRow = (group, count) => html`
  <tr class="group"><th scope="rowgroup" colspan=${SHOWN.length}><bdi>${group}</bdi> <span>${count.toLocaleString()}</span></th></tr>
`;

const row = webhook => html`
  <tr>
    ${SHOWN.map(([key, { cell, style = nothing }]) => html`
      <td class=${style} data-label=${key === "name" || key === "status" ? nothing : heads[key]}>${cell(webhook)}</td>
    `)}
  </tr>
`;

const FIELDS = {
  id: ({ id }) => id,
  name: webhook => webhook.name,
  endpoint: ({ endpoint }) => endpoint,
  stack: ({ stack }) => stack,
  verdict: ({ health }) => health.verdict,
  cause: ({ health }) => health.cause,
  detail: ({ health }) => health.detail,
  finished: ({ health }) => health.recent.total,
  delivered: ({ health }) => health.recent.delivered,
  deliveredAtFirst: ({ health }) => health.recent.deliveredAtFirst,
  p50Ms: ({ health }) => health.recent.p50Ms,
  p99Ms: ({ health }) => health.recent.p99Ms,
  pendingDeliveries: webhook => webhook.pendingDeliveries,
  oldestPendingAt: ({ health }) => health.oldestPendingAt,
  failedDeliveries: webhook => webhook.failedDeliveries,
  lastSuccessAt: webhook => webhook.lastSuccessAt,
  lastFailureAt: webhook => webhook.lastFailureAt,
};

/** The figures of the webhooks as CSV (RFC 4180), with the names of the API. */
export function csvOf(webhooks) {
  const lines = webhooks.map(webhook => Object.values(FIELDS).map(field => csvField(field(webhook))));
  return [Object.keys(FIELDS), ...lines].map(line => `${line.join(",")}\r\n`).join("");
}

/** Quotes a value. A spreadsheet would run what begins like a formula. */
function csvField(value) {
  const text = String(value ?? "");
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

function download(webhooks) {
  const url = URL.createObjectURL(new Blob([csvOf(webhooks)], { type: "text/csv;charset=utf-8" }));
  Object.assign(document.createElement("a"), { href: url, download: "receivers.csv" }).click();
  URL.revokeObjectURL(url);
}
