import { html, nothing } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { api, e, query } from "./api.js";
import { plural } from "./text.js";
import { emptyState, sheet, skeleton } from "./view.js";
import { STATES, deliveryBadge, deliveryStatus, stateBadge } from "./status-badges.js";
import { dueTime, duration, relativeTime } from "./time.js";
import { curlExample } from "./clipboard.js";
import { session } from "./session.js";
import { WebhookView } from "./webhook-layout.js";
import { askToReplay } from "./replay.js";
import { ping } from "./webhook-actions.js";

const PAGE_SIZE = 50;
const MAX_NEW = 200;
const FILTERS = ["status", "state", "run", "hours"];
const HEADS = [["Status"], ["Event"], ["Run"], ["Attempts", "num"], ["Created"], ["Latency", "num"]].map(
  ([text, style]) => [text, style ?? nothing],
);

/// The deliveries of a webhook, one page at a time. The filter and the page are in the URL. The rows that are
/// shown stay current; new deliveries are counted and wait until the user asks for them.
class DeliveriesView extends WebhookView {
  tab = "deliveries";
  newCount = 0;
  isLive = false;

  async load() {
    await this.showPage();
    this.every(1500, () => this.refreshPage());
  }

  get listPath() {
    return `${this.path}/deliveries`;
  }

  /// The parameters of the list, from the URL.
  filter() {
    const { status, state, run, hours } = this.params.query;
    const from = hours ? new Date(Date.now() - hours * 3_600_000).toISOString() : "";
    return { status, state, run, from };
  }

  get isFirstPage() {
    return !this.params.query.after;
  }

  async showPage() {
    const { after } = this.params.query;
    const page = await api.get(this.listPath + query({ ...this.filter(), limit: PAGE_SIZE, after }), this.signal);
    this.newest = page.items[0];
    this.set({ page, newCount: 0, isLive: true });
  }

  /// Updates the rows that are shown and counts the deliveries that are newer.
  async refreshPage() {
    const { page } = this;
    try {
      if (page.items.length === 0) {
        await this.showPage();
        return;
      }
      if (page.items.some(delivery => delivery.status === "PENDING")) await this.refreshRows();
      if (this.isFirstPage && page === this.page) await this.countNew();
      this.set({ isLive: true });
    } catch (problem) {
      this.set({ isLive: false });
      throw problem;
    }
  }

  async refreshRows() {
    const { page, newest } = this;
    const { after } = this.params.query;
    const to = after ? "" : justAfter(newest);
    const filter = { ...this.filter(), to, after, limit: PAGE_SIZE };
    const updated = await api.get(this.listPath + query(filter), this.signal);
    if (page !== this.page) return; // the user has asked for another page in the meantime
    this.set({ page: { ...updated, items: updated.items.filter(delivery => delivery.id <= newest.id) } });
  }

  async countNew() {
    const { newest } = this;
    const filter = { ...this.filter(), from: newest.createdAt, limit: MAX_NEW };
    const page = await api.get(this.listPath + query(filter), this.signal);
    const count = page.items.filter(delivery => delivery.id > newest.id).length;
    if (newest === this.newest) this.set({ newCount: count });
  }

  /// Applies the filter without leaving the view, so that the field keeps the focus.
  async applyFilter(form) {
    const chosen = Object.fromEntries(new FormData(form));
    this.params.query = Object.fromEntries(FILTERS.map(name => [name, chosen[name].trim()]));
    history.replaceState(null, "", `${this.base}/deliveries${query(this.params.query)}`);
    await this.guard(() => this.showPage());
  }

  content(webhook) {
    const actions = [
      ["Send test event", () => ping(this.webhook, result => this.set({ result }), this.signal)],
      ["Resend deliveries…", () => askToReplay(this.webhook, result => this.set({ result }), this.signal)],
    ].map(([text, onClick]) => html`<button type="button" @click=${onClick}>${text}</button>`);
    return html`
      <div class="title">
        ${this.filterForm()}
        <div class="actions">
          <span class="live ${this.isLive ? "on" : ""}" role="status">${this.isLive ? "Live" : "Reconnecting…"}</span>
          ${session.may("admin") ? actions : nothing}
        </div>
      </div>
      <p class="notice info" role="status" ?hidden=${!this.result}>${this.result}</p>
      ${this.newCount > 0 ? this.newBar() : nothing}
      <div>${this.page ? this.list(webhook) : skeleton()}</div>
    `;
  }

  newBar() {
    const isExact = this.newCount < MAX_NEW;
    const count = isExact ? plural(this.newCount, "new delivery", "new deliveries") : `${MAX_NEW}+ new deliveries`;
    return html`
      <button type="button" class="bar-new" @click=${() => this.guard(() => this.showPage())}>
        <span role="status">${count}</span>
      </button>
    `;
  }

  filterForm() {
    const current = this.params.query;
    const select = (name, label, all, options) => html`
      <label>
        ${label}
        <select name=${name}>
          ${[["", all], ...options].map(
            ([value, text]) => html`
              <option value=${value} ?selected=${(current[name] ?? "") === String(value)}>${text}</option>
            `,
          )}
        </select>
      </label>
    `;
    return html`
      <form
        class="filters"
        role="search"
        aria-label="Filter deliveries"
        @submit=${event => event.preventDefault()}
        @change=${event => this.applyFilter(event.currentTarget)}
      >
        ${select("status", "Status", "All statuses", [
          ["PENDING", "Pending"],
          ["DELIVERED", "Delivered"],
          ["FAILED", "Failed"],
        ])}
        ${select("state", "State", "All states", STATES.map(state => [state, state]))}
        <label>
          Run
          <input type="search" name="run" placeholder="Run ID" autocomplete="off" value=${current.run ?? ""}>
        </label>
        ${select("hours", "Created", "Any time", [
          [1, "Last hour"],
          [24, "Last 24 hours"],
          [168, "Last 7 days"],
        ])}
      </form>
    `;
  }

  list(webhook) {
    const { items, next } = this.page;
    if (items.length === 0) return this.emptyState(webhook);
    const { after, ...filter } = this.params.query;
    const link = (text, parameters) => html`<a href="${this.base}/deliveries${query(parameters)}">${text}</a>`;
    return html`
      ${sheet(HEADS, repeat(items, delivery => delivery.id, delivery => row(this.base, delivery)))}
      <p class="actions more">
        ${after ? link("Newest", filter) : nothing}
        ${next ? link("Older", { ...filter, after: next }) : nothing}
      </p>
    `;
  }

  emptyState(webhook) {
    if (FILTERS.some(name => this.params.query[name])) return emptyState("No matching deliveries");
    const hint = webhook.enabled
      ? "Deliveries appear here as runs change state. Send a test event or start a run:"
      : "The webhook is disabled. Enable it, and then start a run:";
    const run = { branch: "main", commit: { hash: "0ee3f1c" } };
    return emptyState(
      "No deliveries yet",
      html`<p>${hint}</p>`,
      curlExample("POST", `/stacks/${e(this.params.stack)}/runs`, run),
    );
  }
}

/// The end of a time range that includes the creation of a delivery.
function justAfter({ createdAt }) {
  return new Date(Date.parse(createdAt) + 1).toISOString();
}

function row(base, delivery) {
  const latency = delivery.deliveredAt ? Date.parse(delivery.deliveredAt) - Date.parse(delivery.createdAt) : null;
  const [, status] = deliveryStatus(delivery);
  const label = `${delivery.run ? `${delivery.state} of ${delivery.run}` : "ping"}: ${status}`;
  const isRetrying = delivery.nextAttemptAt && delivery.attemptCount > 0;
  return html`
    <tr>
      <td><a href="${base}/deliveries/${e(delivery.id)}" aria-label=${label}>${deliveryBadge(delivery)}</a></td>
      <td>
        ${delivery.kind === "ping" ? html`<span class="tag">ping</span>` : stateBadge(delivery.state)}
        ${delivery.redeliveryOf ? html`<span class="two">Redelivery</span>` : nothing}
      </td>
      <td class="wide">
        ${delivery.run
          ? html`<span class="code">${delivery.run}</span>
              <span class="quiet small nowrap" title="state version ${delivery.stateVersion}">
                #${delivery.stateVersion}
              </span>`
          : nothing}
      </td>
      <td class="num">
        ${plural(delivery.attemptCount, "attempt")}
        ${isRetrying ? html`<span class="two">next: ${dueTime(delivery.nextAttemptAt)}</span>` : nothing}
      </td>
      <td>${relativeTime(delivery.createdAt)}</td>
      <td class="num">${latency === null ? "" : duration(latency)}</td>
    </tr>
  `;
}

customElements.define("rh-deliveries", DeliveriesView);
