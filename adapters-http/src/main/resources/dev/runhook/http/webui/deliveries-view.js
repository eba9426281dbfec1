import { h, plural, sync } from "./dom.js";
import { api, e, query } from "./api.js";
import { STATES, stateMark, statusMark } from "./marks.js";
import { due, duration, when } from "./time.js";
import { curl } from "./copy.js";
import { session } from "./session.js";
import { Live } from "./live.js";
import { WebhookView } from "./webhook-frame.js";
import { askToReplay } from "./replay.js";
import { ping } from "./webhook-actions.js";

/// The deliveries of a webhook as they happen.
class DeliveriesView extends WebhookView {
  tab = "deliveries";

  load() {
    this.known = new Map();
    this.light = h("span", { class: "live", role: "status" }, "connecting");
    this.filters = this.choices();
    this.list = h("div", {});
    this.result = h("p", { class: "notice info", role: "status", hidden: true });
    const may = session.may("admin");
    this.place.replaceChildren(
      h(
        "div",
        { class: "title" },
        this.filters,
        h(
          "div",
          { class: "actions" },
          this.light,
          may ? h("button", { type: "button", onclick: () => ping(this.webhook, this.result, this.signal) }, "Send a ping") : null,
          may ? h("button", { type: "button", onclick: () => askToReplay(this.webhook, this.result, this.signal) }, "Replay …") : null,
        ),
      ),
      this.result,
      this.list,
    );
    return this.restart();
  }

  choices() {
    const choose = (name, label, values) =>
      h(
        "label",
        {},
        label,
        h("select", { name, onchange: () => this.guard(() => this.restart()) }, h("option", { value: "" }, "all"), values.map(value => h("option", { value }, value))),
      );
    const run = h("input", { type: "search", name: "run", placeholder: "any", autocomplete: "off", onchange: () => this.guard(() => this.restart()) });
    return h(
      "form",
      { class: "filters", role: "search", "aria-label": "Filter deliveries", onsubmit: event => event.preventDefault() },
      choose("status", "Status", ["PENDING", "DELIVERED", "FAILED"]),
      choose("state", "State", STATES),
      h("label", {}, "Run", run),
      choose("since", "Since", ["an hour ago", "a day ago", "a week ago"]),
    );
  }

  filter() {
    const said = Object.fromEntries(new FormData(this.filters));
    const hours = { "an hour ago": 1, "a day ago": 24, "a week ago": 168 }[said.since];
    const from = hours ? new Date(Date.now() - hours * 3_600_000).toISOString() : "";
    return { status: said.status, state: said.state, run: said.run.trim(), from };
  }

  async restart() {
    this.stop?.abort();
    this.stop = new AbortController();
    this.signal.addEventListener("abort", () => this.stop.abort());
    const signal = this.stop.signal;
    this.known.clear();
    this.rows = null;
    const filter = this.filter();
    const path = `${this.path}/deliveries`;
    const page = await api.get(path + query({ ...filter, limit: 50 }), signal);
    page.items.forEach(delivery => this.known.set(delivery.id, delivery));
    this.next = page.next;
    this.draw(filter);
    this.live = new Live({
      path,
      filter,
      signal,
      upsert: delivery => {
        if (page.next !== null && !this.known.has(delivery.id) && delivery.id < page.items.at(-1).id) return;
        this.known.set(delivery.id, delivery);
        this.soon(filter);
      },
      gone: id => {
        this.known.delete(id);
        this.soon(filter);
      },
      state: on => {
        this.light.classList.toggle("on", on);
        this.light.textContent = on ? "live" : "connecting";
      },
    });
  }

  /// Many events at once are one drawing.
  soon(filter) {
    if (this.drawing) return;
    this.drawing = requestAnimationFrame(() => {
      this.drawing = null;
      this.draw(filter);
    });
  }

  draw(filter) {
    const items = [...this.known.values()].sort((one, other) => (one.id < other.id ? 1 : -1));
    if (items.length === 0) {
      this.rows = null;
      this.list.replaceChildren(this.nothing(Object.values(filter).some(value => value)));
      return;
    }
    const isFirst = !this.rows;
    if (isFirst) this.list.replaceChildren(this.table());
    sync(this.rows, items, delivery => delivery.id, (delivery, before) => row(delivery, isFirst || before));
    this.older.hidden = this.next === null;
  }

  table() {
    this.rows = h("tbody");
    this.older = h("button", { class: "more", type: "button", onclick: () => this.guard(() => this.showOlder()) }, "Show older");
    const heads = ["Status", "Tells of", "Run", "Attempts", "Created", "Took"];
    return h(
      "div",
      {},
      h("div", { class: "sheet" }, h("table", { class: "cards" }, h("thead", {}, h("tr", {}, heads.map(text => h("th", { scope: "col", class: text === "Attempts" || text === "Took" ? "num" : null }, text)))), this.rows)),
      this.older,
    );
  }

  async showOlder() {
    const filter = this.filter();
    const page = await api.get(`${this.path}/deliveries${query({ ...filter, limit: 100, after: this.next })}`, this.signal);
    page.items.forEach(delivery => this.known.set(delivery.id, delivery));
    this.next = page.next;
    this.draw(filter);
  }

  nothing(filtered) {
    if (filtered) return h("div", { class: "empty" }, h("h2", {}, "Nothing fits"), h("p", {}, "No delivery of this webhook is as asked for."));
    return h(
      "div",
      { class: "empty" },
      h("h2", {}, "No deliveries yet"),
      h("p", {}, this.webhook.enabled ? "What happens to runs of this stack from now on appears here by itself. Send a ping, or start a run:" : "The webhook is disabled. Once it is switched on, what happens to runs of this stack appears here by itself; to see it, start one:"),
      curl("POST", `/stacks/${e(this.params.stack)}/runs`, { branch: "main", commit: { hash: "0ee3f1c" } }),
    );
  }
}

function row(delivery, calm) {
  const took = delivery.deliveredAt ? Date.parse(delivery.deliveredAt) - Date.parse(delivery.createdAt) : null;
  const what = delivery.kind === "ping" ? h("span", { class: "tag" }, "ping") : stateMark(delivery.state);
  return h(
    "tr",
    { class: calm ? null : "fresh" },
    h("td", {}, h("a", { href: `${location.hash}/${e(delivery.id)}`, "aria-label": `Delivery, ${delivery.status.toLowerCase()}, of ${delivery.state ?? "a ping"}` }, statusMark(delivery))),
    h("td", {}, what, delivery.redeliveryOf ? h("span", { class: "two" }, "sent again") : null),
    h("td", { class: "wide" }, delivery.run ? [h("span", { class: "code" }, delivery.run), h("span", { class: "quiet small nowrap" }, ` · version ${delivery.stateVersion}`)] : null),
    h("td", { class: "num" }, plural(delivery.attemptCount, "attempt"), delivery.nextAttemptAt && delivery.attemptCount > 0 ? h("span", { class: "two" }, "next: ", due(delivery.nextAttemptAt)) : null),
    h("td", {}, when(delivery.createdAt)),
    h("td", { class: "num" }, took === null ? "" : duration(took)),
  );
}

customElements.define("rh-deliveries", DeliveriesView);
