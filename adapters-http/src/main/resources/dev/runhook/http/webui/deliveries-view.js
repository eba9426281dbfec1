import { h, plural, sync } from "./dom.js";
import { api, e, query } from "./api.js";
import { STATES, stateBadge, deliveryBadge } from "./status-badges.js";
import { dueTime, duration, relativeTime } from "./time.js";
import { curlExample } from "./clipboard.js";
import { session } from "./session.js";
import { DeliveryEvents } from "./delivery-events.js";
import { WebhookView } from "./webhook-layout.js";
import { askToReplay } from "./replay.js";
import { ping } from "./webhook-actions.js";

/// The deliveries of a webhook, updated live.
class DeliveriesView extends WebhookView {
  tab = "deliveries";

  load() {
    this.deliveries = new Map();
    this.connection = h("span", { class: "live", role: "status" }, "Connecting…");
    this.filters = this.filterForm();
    this.list = h("div", {});
    this.result = h("p", { class: "notice info", role: "status", hidden: true });
    const actions = [
      ["Send test event", () => ping(this.webhook, this.result, this.signal)],
      ["Resend deliveries…", () => askToReplay(this.webhook, this.result, this.signal)],
    ].map(([text, onclick]) => h("button", { type: "button", onclick }, text));
    this.content.replaceChildren(
      h(
        "div",
        { class: "title" },
        this.filters,
        h(
          "div",
          { class: "actions" },
          this.connection,
          session.may("admin") ? actions : null,
        ),
      ),
      this.result,
      this.list,
    );
    return this.restart();
  }

  filterForm() {
    const onchange = () => this.guard(() => this.restart());
    const select = (name, label, all, options) =>
      h(
        "label",
        {},
        label,
        h(
          "select",
          { name, onchange },
          h("option", { value: "" }, all),
          options.map(([value, text]) => h("option", { value }, text)),
        ),
      );
    const run = h("input", { type: "search", name: "run", placeholder: "Run ID", autocomplete: "off", onchange });
    return h(
      "form",
      {
        class: "filters",
        role: "search",
        "aria-label": "Filter deliveries",
        onsubmit: event => event.preventDefault(),
      },
      select("status", "Status", "All statuses", [
        ["PENDING", "Pending"],
        ["DELIVERED", "Delivered"],
        ["FAILED", "Failed"],
      ]),
      select("state", "State", "All states", STATES.map(state => [state, state])),
      h("label", {}, "Run", run),
      select("hours", "Created", "Any time", [
        [1, "Last hour"],
        [24, "Last 24 hours"],
        [168, "Last 7 days"],
      ]),
    );
  }

  filter() {
    const { status, state, run, hours } = Object.fromEntries(new FormData(this.filters));
    const from = hours ? new Date(Date.now() - hours * 3_600_000).toISOString() : "";
    return { status, state, run: run.trim(), from };
  }

  async restart() {
    this.aborter?.abort();
    this.aborter = new AbortController();
    this.signal.addEventListener("abort", () => this.aborter.abort());
    const signal = this.aborter.signal;
    this.deliveries.clear();
    this.rows = null;
    const filter = this.filter();
    const path = `${this.path}/deliveries`;
    const page = await api.get(path + query({ ...filter, limit: 50 }), signal);
    page.items.forEach(delivery => this.deliveries.set(delivery.id, delivery));
    this.next = page.next;
    this.draw(filter);
    this.events = new DeliveryEvents({
      path,
      filter,
      signal,
      upsert: delivery => {
        const isOlder = page.next !== null && delivery.id < page.items.at(-1).id;
        if (isOlder && !this.deliveries.has(delivery.id)) return;
        this.deliveries.set(delivery.id, delivery);
        this.scheduleDraw(filter);
      },
      remove: id => {
        this.deliveries.delete(id);
        this.scheduleDraw(filter);
      },
      onConnected: connected => {
        this.connection.classList.toggle("on", connected);
        this.connection.textContent = connected ? "Live" : "Reconnecting…";
      },
    });
  }

  /// Draws once for all events of an animation frame.
  scheduleDraw(filter) {
    if (this.frame) return;
    this.frame = requestAnimationFrame(() => {
      this.frame = null;
      this.draw(filter);
    });
  }

  draw(filter) {
    const items = [...this.deliveries.values()].sort((one, other) => (one.id < other.id ? 1 : -1));
    if (items.length === 0) {
      this.rows = null;
      this.list.replaceChildren(this.emptyState(Object.values(filter).some(value => value)));
      return;
    }
    const isFirst = !this.rows;
    if (isFirst) this.list.replaceChildren(this.table());
    sync(this.rows, items, delivery => delivery.id, (delivery, before) => row(delivery, !isFirst && !before));
    this.older.hidden = this.next === null;
  }

  table() {
    this.rows = h("tbody");
    const onclick = () => this.guard(() => this.loadOlder());
    this.older = h("button", { class: "more", type: "button", onclick }, "Show older");
    const heads = [["Status"], ["Event"], ["Run"], ["Attempts", "num"], ["Created"], ["Latency", "num"]];
    const cells = heads.map(([text, style]) => h("th", { scope: "col", class: style }, text));
    const head = h("thead", {}, h("tr", {}, cells));
    return h("div", {}, h("div", { class: "sheet" }, h("table", { class: "cards" }, head, this.rows)), this.older);
  }

  async loadOlder() {
    const filter = this.filter();
    const path = `${this.path}/deliveries${query({ ...filter, limit: 100, after: this.next })}`;
    const page = await api.get(path, this.signal);
    page.items.forEach(delivery => this.deliveries.set(delivery.id, delivery));
    this.next = page.next;
    this.draw(filter);
  }

  emptyState(filtered) {
    if (filtered) return h("div", { class: "empty" }, h("h2", {}, "No matching deliveries"));
    const hint = this.webhook.enabled
      ? "Deliveries appear here as runs change state. Send a test event or start a run:"
      : "The webhook is disabled. Enable it, and then start a run:";
    return h(
      "div",
      { class: "empty" },
      h("h2", {}, "No deliveries yet"),
      h("p", {}, hint),
      curlExample("POST", `/stacks/${e(this.params.stack)}/runs`, { branch: "main", commit: { hash: "0ee3f1c" } }),
    );
  }
}

function row(delivery, isNew) {
  const latency = delivery.deliveredAt ? Date.parse(delivery.deliveredAt) - Date.parse(delivery.createdAt) : null;
  const event = delivery.kind === "ping" ? h("span", { class: "tag" }, "ping") : stateBadge(delivery.state);
  const badge = deliveryBadge(delivery);
  const label = `${delivery.run ? `${delivery.state} of ${delivery.run}` : "ping"}: ${badge.textContent}`;
  const version = h(
    "span",
    { class: "quiet small nowrap", title: `state version ${delivery.stateVersion}` },
    ` #${delivery.stateVersion}`,
  );
  const isRetrying = delivery.nextAttemptAt && delivery.attemptCount > 0;
  return h(
    "tr",
    { class: isNew ? "fresh" : null },
    h("td", {}, h("a", { href: `${location.hash}/${e(delivery.id)}`, "aria-label": label }, badge)),
    h("td", {}, event, delivery.redeliveryOf ? h("span", { class: "two" }, "Redelivery") : null),
    h("td", { class: "wide" }, delivery.run ? [h("span", { class: "code" }, delivery.run), version] : null),
    h(
      "td",
      { class: "num" },
      plural(delivery.attemptCount, "attempt"),
      isRetrying ? h("span", { class: "two" }, "next: ", dueTime(delivery.nextAttemptAt)) : null,
    ),
    h("td", {}, relativeTime(delivery.createdAt)),
    h("td", { class: "num" }, latency === null ? "" : duration(latency)),
  );
}

customElements.define("rh-deliveries", DeliveriesView);
