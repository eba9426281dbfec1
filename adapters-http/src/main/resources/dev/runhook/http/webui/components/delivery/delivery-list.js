import { html, nothing } from "lit";
import { api, e, query as toQuery } from "../../api/api.js";
import { choice } from "../filter.js";
import { now } from "../../api/clock.js";
import { act, copyCurl, resend } from "./delivery-actions.js";
import { attempts, event, eventName, latency, listOf, picker, response, webhookOf } from "./delivery-cells.js";
import { ListView, labeled } from "../list.js";
import { runAddress, runCell } from "../run-link.js";
import { t } from "../../text/messages.js";
import { NOT_RESENT, listQuery } from "../../api/query.js";
import { session } from "../../api/session.js";
import { attempt } from "../view.js";
import { counted } from "../../text/text.js";
import { KINDS, OUTCOMES, STATES, deliveryBadge, kindName } from "../status-badges.js";
import { clockTime, zone } from "../../text/time.js";

const MAX_FETCHED = 200;
/** Matches where there is room for a delivery next to the list. */
const ROOM = matchMedia("(min-width: 1200px)");
const { heads } = t.deliveryList;

/** Rows that are not expected to change are refreshed after this time: they may have been resent or deleted. */
const SLOW_MS = 10_000;

/**
 * Deliveries, one page at a time. The filter, the page and the delivery that is open next to the list are in the URL.
 * The rows that are shown stay current; new deliveries are counted and wait until the user asks for them.
 *
 * Properties: `path` of the list and, unless the webhook is deleted, `stats` of its statistics in the API; `address` of
 * the view, without its query; `params` of the view; `ofWebhook`, whether the list has the deliveries of one webhook; or
 * `names`, the names of all webhooks by id; `none`, what to show if there are none; `actions`, a template.
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

  pane = null;

  start() {
    const { open } = this.params.query;
    if (open) this.open(open);
    this.reload();
    if (this.stats) import("./histogram.js").then(() => this.set({ hasHistogram: true }));
    this.every(1500, () => this.refreshPage());
    this.addEventListener("shortcut", event => this.onShortcut(event));
  }

  /** Opens a delivery next to the list, or on a page of its own if there is no room. */
  async open(id) {
    if (!ROOM.matches) return location.replace(`${this.address}/${e(id)}`);
    if (!this.pane) {
      const { DeliveryPane } = await import("./delivery-pane.js");
      this.pane ??= new DeliveryPane(this, ROOM);
    }
    this.pane.show(id);
    this.requestUpdate();
  }

  onClick(event) {
    const link = event.target.closest(".rowlink");
    if (!link || !ROOM.matches || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    this.open(link.dataset.id);
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
    const skipped = isUnknown && this.ofWebhook ? await this.findSkipped(query.run) : [];
    const similar = isUnknown && skipped.length === 0 ? await this.findRuns(query) : [];
    const isFoundById = found.length > 0;
    const page = isFoundById ? { items: found, next: null } : listed;
    const [newest] = page.items;
    return { page, similar, skipped, isFoundById, newest, newCount: 0, selected: new Set(), shownAt: now() };
  }

  async findById() {
    const { findById } = await import("./delivery-search.js");
    return findById(this.path, this.params.query, this.ofWebhook && this.params.webhook, this.signal);
  }

  async findRuns(query) {
    const { findRuns } = await import("./delivery-search.js");
    return findRuns(this.path, query, this.signal);
  }

  async findSkipped(run) {
    const { findSkipped, skippedTable } = await import("./skipped-transitions.js");
    this.skippedTable = skippedTable;
    return findSkipped(this.path, run, this.params.webhook, this.signal);
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
      choice("status", t.filter.status, [
        "PENDING", "DELIVERED", "FAILED", "CANCELED", [NOT_RESENT, t.filter.notResent],
      ]),
      choice("state", t.filter.state, STATES),
      choice("kind", t.filter.kind, KINDS.map(kind => [kind, kindName(kind)]), "event"),
      choice("outcome", t.filter.outcome, OUTCOMES, "response"),
      { name: "statusCode", key: "code", label: t.filter.statusCode },
      ...(this.ofWebhook ? [] : [{ name: "stack", key: "stack", label: t.filter.stack }]),
      { name: "run", key: "run", label: t.filter.runOrDelivery, isMain: true },
    ];
  }

  render() {
    const pane = this.params.query.open && this.pane ? this.pane.render() : nothing;
    return html`
      ${this.filter(t.filter.deliveries)}
      <div class="actions toolbar">
        <div>${this.refusal ? nothing : this.isFirstPage ? this.freshness() : this.pageTimes()}</div>
        ${this.actions ?? nothing}
      </div>
      ${this.stats ? html`<div class="histogram">${this.hasHistogram ? this.histogram() : nothing}</div>` : nothing}
      <div class=${pane === nothing ? "" : "split"}>
        <div class="rows" @click=${event => this.onClick(event)}>
          ${this.newCount > 0 ? this.newBar() : nothing}
          ${this.selected.size > 0 ? this.selectionBar() : nothing}
          ${this.list()}
        </div>
        ${pane}
      </div>
    `;
  }

  histogram() {
    const { hours, after, open, ...filter } = this.params.query;
    return html`
      <rh-histogram
        .path=${this.stats}
        .scope=${this.ofWebhook ? {} : { stack: filter.stack, webhook: filter.webhook }}
        .params=${this.params}
        .onRange=${(from, to) => this.applyFilter({ ...filter, from, to })}
      ></rh-histogram>
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

  /** The webhook whose deliveries these are. */
  get webhook() {
    const { stack, webhook } = this.params;
    return { stack, id: webhook };
  }

  empty() {
    return this.skipped.length > 0
      ? this.skippedTable(this.skipped, this.webhook, () => this.reload(), this.signal)
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
      [heads.status, deliveryBadge, "status"],
      [heads.event, delivery => event(delivery, this.params.query.open === delivery.id), "event"],
      [heads.run, delivery => html` ${delivery.run ? runCell(delivery) : nothing}`, "wide run"],
      this.ofWebhook ? null : [heads.webhook, delivery => this.webhookLink(delivery), "wide more"],
      [heads.response, response, "wide response"],
      labeled(heads.attempts, attempts, "attempts extra"),
      [heads.created(zone()), ({ createdAt }) => clockTime(createdAt), "time extra"],
      labeled(heads.latency, latency, "num latency extra"),
    ].filter(Boolean);
  }

  checkbox(delivery) {
    if (delivery.status === "PENDING") return nothing;
    const label = t.deliveryList.selectOne(eventName(delivery), delivery.run ?? "");
    return picker(label, this.selected.has(delivery.id), isSelected => this.select([delivery], isSelected), "x");
  }

  webhookLink({ webhook, stack }) {
    const name = this.names?.get(webhook) ?? t.nav.webhook;
    return html`
      <a href=${listOf({ stack, webhook })} title=${name} dir="auto">${name}</a>
      <a class="quiet small" href="#/stacks/${e(stack)}" title=${stack}>${stack}</a>
    `;
  }
}

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
