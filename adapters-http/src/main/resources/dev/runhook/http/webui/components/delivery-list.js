import { html, nothing } from "lit";
import { api, e, query as toQuery } from "../api/api.js";
import { now } from "../api/clock.js";
import { act, copyCurl, resend } from "./delivery-actions.js";
import { findById, findRuns } from "./delivery-search.js";
import { ListView, choice, labeled } from "./list.js";
import { findSkipped, runAddress, runCell, skippedTable } from "./skipped-transitions.js";
import { t } from "../text/messages.js";
import { NOT_RESENT, listQuery } from "../api/query.js";
import { session } from "../api/session.js";
import { attempt } from "./view.js";
import { counted, plural } from "../text/text.js";
import {
  KINDS,
  OUTCOMES,
  STATES,
  deliveryBadge,
  deliveryMark,
  kindName,
  outcomeText,
  stateName,
} from "./status-badges.js";
import { clockTime, dueTime, duration, zone } from "../text/time.js";

const MAX_FETCHED = 200;
const { heads } = t.deliveryList;

/** Rows that are not expected to change are refreshed after this time: they may have been resent or deleted. */
const SLOW_MS = 10_000;

/**
 * Deliveries, one page at a time. The filter and the page are in the URL. The rows that are shown stay current; new
 * deliveries are counted and wait until the user asks for them.
 *
 * Properties: `path` of the list in the API; `address` of the view, without its query; `params` of the view;
 * `ofWebhook`, whether the list has the deliveries of one webhook, or `names`, the names of all webhooks by id;
 * `none`, what to show if there are none; `actions`, a template.
 */
class DeliveryList extends ListView {
  static properties = {
    names: { attribute: false },
    actions: { attribute: false },
    none: { attribute: false },
  };
  newCount = 0;
  similar = [];
  skipped = [];
  selected = new Set();

  start() {
    this.reload();
    this.every(1500, () => this.refreshPage());
    this.addEventListener("shortcut", event => this.onShortcut(event));
  }

  /** Runs the action of a key for the focused row. */
  onShortcut(event) {
    const rows = [...this.querySelectorAll("tbody tr")];
    const delivery = this.page?.items[rows.findIndex(row => row.contains(event.target))];
    const actions = {
      r: () => act(delivery, () => this.reload()),
      c: () => copyCurl(delivery),
      e: () => (location.hash = webhookOf(delivery)),
    };
    if (!delivery || !Object.hasOwn(actions, event.detail)) return;
    event.preventDefault();
    attempt(actions[event.detail]);
  }

  get isFirstPage() {
    return !this.params.query.after;
  }

  /** @param {Record<string, any>} parameters */
  fetchPage(parameters = {}) {
    return api.get(this.path + listQuery(this.params.query, parameters), this.signal);
  }

  async receive() {
    const { query } = this.params;
    const listed = await this.fetchPage();
    const isUnknownRun = listed.items.length === 0 && query.run;
    const found = isUnknownRun ? await this.findById() : [];
    const isUnknown = isUnknownRun && found.length === 0;
    const skipped = isUnknown && this.ofWebhook
      ? await findSkipped(this.path, query.run, this.params.webhook, this.signal)
      : [];
    const similar = isUnknown && skipped.length === 0 ? await findRuns(this.path, query, this.signal) : [];
    const isFoundById = found.length > 0;
    const page = isFoundById ? { items: found, next: null } : listed;
    const [newest] = page.items;
    return { page, similar, skipped, isFoundById, newest, newCount: 0, selected: new Set(), shownAt: now() };
  }

  findById() {
    return findById(this.path, this.params.query, this.ofWebhook && this.params.webhook, this.signal);
  }

  /**
   * Updates the rows that are shown and counts the deliveries that are newer.
   *
   * @returns false if nothing is to be refreshed yet
   */
  async refreshPage() {
    if (!this.page || this.refusal) return false;
    const isDue = this.mayChange(this.page) || now() - this.shownAt > SLOW_MS;
    if (this.page.items.length === 0) {
      if (isDue) await this.load();
      return isDue;
    }
    if (isDue) await this.refreshRows();
    const countsNew = this.isFirstPage && !this.isFoundById && this.newest !== undefined;
    if (countsNew) await this.countNew();
    return isDue || countsNew;
  }

  /** Whether rows are expected to change, to appear, or to match the filter no longer. */
  mayChange({ items, next }) {
    if (items.length === 0) return this.skipped.length === 0 && (next === null || this.newest !== undefined);
    const isPending = delivery => delivery?.status === "PENDING";
    return this.params.query.status === NOT_RESENT || items.some(each => isPending(each) || isPending(each.resentAs));
  }

  /**
   * Fetches more deliveries than the list shows: many others may have the same time as the newest one.
   */
  async refreshRows() {
    const { page, newest } = this;
    const { query } = this.params;
    const to = query.after ? {} : { to: justAfter(newest) };
    const updated = this.isFoundById
      ? { items: await this.findById(), next: null }
      : await this.fetchPage({ ...to, limit: MAX_FETCHED });
    if (page !== this.page || query !== this.params.query) return; // the user has asked for others
    this.shownAt = now();
    this.set({ page: { ...page, items: withUpdates(page.items, updated) } });
  }

  async countNew() {
    const { newest } = this;
    const page = await this.fetchPage({ from: newest.createdAt, limit: MAX_FETCHED });
    const count = page.items.filter(delivery => delivery.id > newest.id).length;
    const hasMoreNew = page.next !== null && count === page.items.length;
    if (newest === this.newest) this.set({ newCount: count, hasMoreNew });
  }

  get fields() {
    return [
      choice("status", t.filter.status, t.filter.allStatuses, [
        "PENDING", "DELIVERED", "FAILED", "CANCELED", [NOT_RESENT, t.filter.notResent],
      ]),
      choice("state", t.filter.state, t.filter.allStates, STATES),
      choice("kind", t.filter.kind, t.filter.allKinds, KINDS.map(kind => [kind, kindName(kind)])),
      choice("outcome", t.filter.outcome, t.filter.allOutcomes, OUTCOMES),
      { name: "statusCode", label: t.filter.statusCode, placeholder: "500" },
      ...(this.ofWebhook ? [] : [{ name: "stack", label: t.filter.stack, placeholder: t.filter.stackId }]),
      { name: "run", label: t.filter.runOrDelivery, placeholder: t.filter.runId, isMain: true },
    ];
  }

  render() {
    return html`
      <div class="title">
        ${this.filter(t.filter.deliveries)}
        <div class="actions">
          ${this.refusal ? nothing : this.isFirstPage ? this.freshness() : this.pageTimes()}
          ${this.actions ?? nothing}
        </div>
      </div>
      ${this.newCount > 0 ? this.newBar() : nothing}
      ${this.selected.size > 0 ? this.selectionBar() : nothing}
      <div>${this.list()}</div>
    `;
  }

  /** The times of a page that is not the newest. */
  pageTimes() {
    const [first, last] = [this.page?.items[0], this.page?.items.at(-1)];
    if (!first) return nothing;
    return html`
      <span class="quiet small">
        ${t.deliveryList.created(clockTime(last.createdAt), clockTime(first.createdAt))}
      </span>
    `;
  }

  newBar() {
    const count = counted(this.newCount, this.hasMoreNew);
    return html`
      <button type="button" class="bar-new" @click=${() => this.reload()}>
        <span role="status">${t.deliveryList.new(count)}</span>
      </button>
    `;
  }

  selectionBar() {
    return html`
      <div class="bar-selection actions" role="group" aria-label=${t.deliveryList.selection}>
        <span role="status">${t.deliveryList.selected(this.selected.size)}</span>
        <button
          type="button"
          class="primary small"
          aria-keyshortcuts="r"
          @click=${() => this.resendSelected()}
        >
          ${t.deliveryList.resend}
        </button>
        <button type="button" class="small" @click=${() => this.select(this.finished, false)}>
          ${t.deliveryList.clear}
        </button>
      </div>
    `;
  }

  async resendSelected() {
    await resend(this.finished.filter(delivery => this.selected.has(delivery.id)));
    await this.reload();
  }

  /** The deliveries that can be redelivered. */
  get finished() {
    return this.page.items.filter(delivery => delivery.status !== "PENDING");
  }

  select(deliveries, isSelected) {
    deliveries.forEach(({ id }) => (isSelected ? this.selected.add(id) : this.selected.delete(id)));
    this.requestUpdate();
  }

  empty() {
    return this.skipped.length > 0
      ? skippedTable(this.skipped, this.params.stack)
      : this.noMatches(this.none, this.similarRuns());
  }

  similarRuns() {
    const { run, ...filter } = this.params.query;
    if (this.similar.length === 0) return nothing;
    const links = this.similar.map(({ id, stack }) => {
      const inList = this.address + toQuery({ ...filter, ...(this.ofWebhook ? {} : { stack }), run: id });
      const address = id === run ? runAddress(stack, id) : inList;
      return html`<li><a href=${address}>${id}</a></li>`;
    });
    return html`<p>${t.filter.similar(run)}</p><ul>${links}</ul>`;
  }

  get columns() {
    const { finished } = this;
    const all = finished.length > 0 && finished.every(delivery => this.selected.has(delivery.id));
    const selectAll = picker(t.deliveryList.selectAll, all, isSelected => this.select(finished, isSelected));
    return [
      session.may("admin") ? [selectAll, delivery => this.checkbox(delivery), "pick"] : null,
      [heads.status, deliveryBadge],
      [heads.event, event],
      [heads.run, delivery => html` ${delivery.run ? runCell(delivery) : nothing}`, "wide"],
      this.ofWebhook ? null : [heads.webhook, delivery => this.webhookLink(delivery), "wide"],
      [heads.response, ({ lastResult }) => (lastResult ? outcomeText(lastResult) : nothing)],
      [heads.attempts, attempts, "num nowrap"],
      [heads.created(zone()), ({ createdAt }) => clockTime(createdAt)],
      labeled(heads.latency, latency, "num"),
    ].filter(Boolean);
  }

  checkbox(delivery) {
    if (delivery.status === "PENDING") return nothing;
    const label = t.deliveryList.selectOne(eventName(delivery), delivery.run ?? "");
    return picker(label, this.selected.has(delivery.id), isSelected => this.select([delivery], isSelected), "x");
  }

  webhookLink(delivery) {
    return html`
      <a class="lines2" href=${listOf(delivery)} dir="auto">${this.names?.get(delivery.webhook) ?? t.nav.webhook}</a>
      <a class="two" href="#/stacks/${e(delivery.stack)}">${delivery.stack}</a>
    `;
  }
}

/** The address of the webhook of a delivery. */
const webhookOf = ({ stack, webhook }) => `#/stacks/${e(stack)}/settings/integrations/${e(webhook)}`;

/** The address of the deliveries of the webhook of a delivery. */
const listOf = delivery => `${webhookOf(delivery)}/deliveries`;

const eventName = ({ state, kind }) => (state ? stateName(state) : kindName(kind));

function event(delivery) {
  const { text: status } = deliveryMark(delivery);
  const name = eventName(delivery);
  return html`
    <a class="rowlink" href="${listOf(delivery)}/${e(delivery.id)}">
      ${name}<span class="unseen">${delivery.run ? t.deliveryList.of(delivery.run) : nothing}: ${status}</span>
    </a>
    ${delivery.redeliveryOf ? html`<span class="two">${t.delivery.redelivery}</span>` : nothing}
  `;
}

const attempts = ({ attemptCount, phase, nextAttemptAt }) => html`
  ${plural(attemptCount, "attempt")}
  ${phase === "RETRYING" ? html`<span class="two">${t.deliveryList.next(dueTime(nextAttemptAt))}</span>` : nothing}
`;

const latency = ({ createdAt, deliveredAt }) =>
  deliveredAt ? duration(Date.parse(deliveredAt) - Date.parse(createdAt)) : "";

/** A checkbox in a label that is large enough for touch, and the key that changes it in the focused row. */
const picker = (label, isChecked, onChange, key = undefined) => html`
  <label>
    <input
      type="checkbox"
      aria-label=${label}
      aria-keyshortcuts=${key ?? nothing}
      .checked=${isChecked}
      @change=${event => onChange(event.target.checked)}
    >
  </label>
`;

/**
 * Updates the rows of a list from a page that was fetched later. Removes rows that no longer match the filter, adds
 * deliveries that were recorded late, and keeps rows that are older than the page.
 */
export function withUpdates(rows, { items, next }) {
  const [newest, oldest] = [rows[0].id, rows.at(-1).id];
  const reached = next === null || items.length === 0 ? "" : items.at(-1).id;
  return [
    ...items.filter(({ id }) => id <= newest && id >= oldest),
    ...rows.filter(({ id }) => id < reached),
  ];
}

/** The end of a time range that includes the creation of a delivery. */
function justAfter({ createdAt }) {
  return new Date(Date.parse(createdAt) + 1).toISOString();
}

customElements.define("rh-delivery-list", DeliveryList);
