import { html, nothing } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { api, e, query as toQuery } from "../api/api.js";
import { choice, filterForm, noItems, pageLinks } from "./filter.js";
import { resend } from "./delivery-actions.js";
import { findById, findRuns } from "./delivery-search.js";
import { t } from "../text/messages.js";
import { NOT_RESENT, listQuery } from "../api/query.js";
import { session } from "../api/session.js";
import { counted, plural } from "../text/text.js";
import { View, sheet, skeleton } from "./view.js";
import {
  KINDS,
  OUTCOMES,
  STATES,
  deliveryBadge,
  deliveryStatus,
  kindName,
  outcomeText,
  stateName,
} from "./status-badges.js";
import { clockTime, dueTime, duration, zone } from "../text/time.js";

const MAX_FETCHED = 200;

/**
 * Deliveries, one page at a time. The filter and the page are in the URL. The rows that are shown stay current; new
 * deliveries are counted and wait until the user asks for them.
 *
 * Properties: `path` of the list in the API; `address` of the view, without its query; `params` of the view;
 * `ofWebhook`, whether the list has the deliveries of one webhook, or `names`, the names of all webhooks by id;
 * `empty`, what to show if there are none; `actions`, a template.
 */
class DeliveryList extends View {
  static properties = {
    names: { attribute: false },
    actions: { attribute: false },
    empty: { attribute: false },
  };
  newCount = 0;
  similar = [];
  isLive = false;
  selected = new Set();

  start() {
    this.guard(async () => {
      await this.showPage();
      this.every(1500, () => this.refreshPage());
    });
  }

  get isFirstPage() {
    return !this.params.query.after;
  }

  /** @param {Record<string, any>} parameters */
  fetchPage(parameters = {}) {
    return api.get(this.path + listQuery(this.params.query, parameters), this.signal);
  }

  async showPage() {
    const { query } = this.params;
    const listed = await this.fetchPage();
    const isUnknownRun = listed.items.length === 0 && query.run;
    const found = isUnknownRun ? await this.findById() : [];
    const similar = isUnknownRun && found.length === 0 ? await findRuns(this.path, query, this.signal) : [];
    if (query !== this.params.query) return; // the user has chosen another filter
    const isFoundById = found.length > 0;
    const page = isFoundById ? { items: found, next: null } : listed;
    this.newest = page.items[0];
    this.selected.clear();
    this.set({ page, similar, newCount: 0, isLive: true, isFoundById });
  }

  findById() {
    return findById(this.path, this.params.query, this.ofWebhook && this.params.webhook, this.signal);
  }

  /** Updates the rows that are shown and counts the deliveries that are newer. */
  async refreshPage() {
    const { page } = this;
    try {
      if (page.items.length === 0) {
        if (page.next === null || this.newest) await this.showPage();
        return;
      }
      if (this.mayChange(page.items)) await this.refreshRows();
      if (this.isFirstPage && !this.isFoundById && this.newest) await this.countNew();
      this.set({ isLive: true });
    } catch (problem) {
      this.set({ isLive: false });
      throw problem;
    }
  }

  /** Whether rows can change or may no longer match the filter. */
  mayChange(rows) {
    return this.params.query.status === NOT_RESENT || rows.some(({ status }) => status === "PENDING");
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
    this.set({ page: { ...page, items: withUpdates(page.items, updated) } });
  }

  async countNew() {
    const { newest } = this;
    const page = await this.fetchPage({ from: newest.createdAt, limit: MAX_FETCHED });
    const count = page.items.filter(delivery => delivery.id > newest.id).length;
    const hasMoreNew = page.next !== null && count === page.items.length;
    if (newest === this.newest) this.set({ newCount: count, hasMoreNew });
  }

  /** Applies a filter without leaving the view, so that the field keeps the focus. */
  async applyFilter(chosen) {
    this.params.query = chosen;
    history.replaceState(history.state, "", this.address + toQuery(chosen));
    await this.reload();
  }

  get fields() {
    return [
      choice("status", t.filter.status, t.filter.allStatuses, [
        "PENDING", "DELIVERED", "FAILED", [NOT_RESENT, t.filter.notResent],
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
        ${filterForm(t.filter.deliveries, this.fields, this.params.query, chosen => this.applyFilter(chosen))}
        <div class="actions">
          <span class="live ${this.isLive ? "on" : ""}" role="status">
            ${this.isLive ? t.deliveryList.live : t.deliveryList.reconnecting}
          </span>
          ${this.actions ?? nothing}
        </div>
      </div>
      ${this.newCount > 0 ? this.newBar() : nothing}
      ${this.selected.size > 0 ? this.selectionBar() : nothing}
      <div>${this.page ? this.list() : skeleton()}</div>
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
        <button type="button" class="primary small" @click=${() => this.resendSelected()}>
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

  reload() {
    return this.guard(() => this.showPage());
  }

  /** The deliveries that can be redelivered. */
  get finished() {
    return this.page.items.filter(delivery => delivery.status !== "PENDING");
  }

  select(deliveries, isSelected) {
    deliveries.forEach(({ id }) => (isSelected ? this.selected.add(id) : this.selected.delete(id)));
    this.requestUpdate();
  }

  list() {
    const { items, next } = this.page;
    return html`
      ${items.length > 0
        ? this.table(items)
        : noItems(this.address, this.params.query, next, this.empty, this.similarRuns())}
      ${pageLinks(this.address, this.params.query, next)}
    `;
  }

  similarRuns() {
    const { run, ...filter } = this.params.query;
    if (this.similar.length === 0) return nothing;
    const links = this.similar.map(({ id, stack }) => {
      const address = this.address + toQuery({ ...filter, ...(this.ofWebhook ? {} : { stack }), run: id });
      return html`<li><a href=${address}>${id}</a></li>`;
    });
    return html`<p>${t.filter.similar(run)}</p><ul>${links}</ul>`;
  }

  table(items) {
    const { finished } = this;
    const all = finished.length > 0 && finished.every(delivery => this.selected.has(delivery.id));
    const selectAll = picker(t.deliveryList.selectAll, all, isSelected => this.select(finished, isSelected));
    const { heads } = t.deliveryList;
    return sheet(
      [
        session.may("admin") ? [selectAll, "pick"] : null,
        heads.status,
        heads.event,
        heads.run,
        this.ofWebhook ? null : heads.webhook,
        heads.response,
        [heads.attempts, "num"],
        heads.created(zone()),
        [heads.latency, "num"],
      ].filter(Boolean),
      repeat(items, delivery => delivery.id, delivery => this.row(delivery)),
    );
  }

  row(delivery) {
    const href = `#/stacks/${e(delivery.stack)}/settings/integrations/${e(delivery.webhook)}/deliveries`;
    const latency = delivery.deliveredAt ? Date.parse(delivery.deliveredAt) - Date.parse(delivery.createdAt) : null;
    const isRetrying = delivery.nextAttemptAt && delivery.attemptCount > 0;
    const [, status] = deliveryStatus(delivery);
    const event = delivery.state ? stateName(delivery.state) : kindName(delivery.kind);
    return html`
      <tr>
        ${session.may("admin") ? html`<td class="pick">${this.checkbox(delivery, event)}</td>` : nothing}
        <td>${deliveryBadge(delivery)}</td>
        <td>
          <a class="rowlink" href="${href}/${e(delivery.id)}">
            ${event}<span class="unseen">${delivery.run ? t.deliveryList.of(delivery.run) : nothing}: ${status}</span>
          </a>
          ${delivery.redeliveryOf ? html`<span class="two">${t.delivery.redelivery}</span>` : nothing}
        </td>
        <td class="wide">
          ${delivery.run
            ? html`
                <a class="code" href="#/stacks/${e(delivery.stack)}/runs/${e(delivery.run)}">${delivery.run}</a>
                <span class="quiet small nowrap">#${delivery.stateVersion}</span>
              `
            : nothing}
        </td>
        ${this.ofWebhook ? nothing : html`<td class="wide">${this.webhookLink(delivery, href)}</td>`}
        <td>${delivery.lastResult ? outcomeText(delivery.lastResult) : nothing}</td>
        <td class="num nowrap">
          ${plural(delivery.attemptCount, "attempt")}
          ${isRetrying
            ? html`<span class="two">${t.deliveryList.next(dueTime(delivery.nextAttemptAt))}</span>`
            : nothing}
        </td>
        <td>${clockTime(delivery.createdAt)}</td>
        <td class="num" data-label=${t.deliveryList.heads.latency}>${latency === null ? "" : duration(latency)}</td>
      </tr>
    `;
  }

  checkbox(delivery, event) {
    if (delivery.status === "PENDING") return nothing;
    const label = t.deliveryList.selectOne(event, delivery.run ?? "");
    return picker(label, this.selected.has(delivery.id), isSelected => this.select([delivery], isSelected));
  }

  webhookLink(delivery, href) {
    return html`
      <a class="lines2" href=${href} dir="auto">${this.names?.get(delivery.webhook) ?? t.nav.webhook}</a>
      <a class="two" href="#/stacks/${e(delivery.stack)}">${delivery.stack}</a>
    `;
  }
}

/** A checkbox in a label that is large enough for touch. */
const picker = (label, isChecked, onChange) => html`
  <label>
    <input
      type="checkbox"
      aria-label=${label}
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
