import { h, keepFocus, sync } from "./dom.js";
import { api, e, query } from "./api.js";
import { View, ghost, title } from "./view.js";
import { delta, stateMark } from "./marks.js";
import { when } from "./time.js";
import { curl } from "./copy.js";
import { commitLine, stackTabs, troubles } from "./stack-frame.js";

/// The runs of a stack, the newest first.
class RunsView extends View {
  show() {
    const { stack } = this.params;
    this.heading = title(stack);
    this.lead = h("p", { class: "lead" }, "\u00a0"); // has its place from the start
    this.ill = h("section", { "aria-label": "Webhooks that do not do well", class: "trouble", hidden: true });
    this.place = h("div", {}, ghost());
    this.limit = 50;
    this.append(this.heading, this.lead, stackTabs(stack, "runs"), this.ill, this.place);
    this.looked = this.guard(() => this.look(), true);
    this.guard(() => this.load());
    this.every(3000, () => this.load());
    this.every(6000, () => this.look());
  }

  async load() {
    const path = `/stacks/${e(this.params.stack)}`;
    const [stack, page] = await Promise.all([
      this.stack ?? api.get(path, this.signal),
      api.get(`${path}/runs${query({ limit: this.limit })}`, this.signal),
    ]);
    if (!this.stack) this.name(stack);
    await this.looked; // what stands above comes first, so that nothing is pushed away
    if (page.items.length === 0) {
      this.place.replaceChildren(this.nothingYet());
      this.rows = null;
      return;
    }
    if (!this.rows) this.place.replaceChildren(this.table());
    sync(this.rows, page.items, run => run.id, run => row(this.params.stack, run));
    this.more.hidden = page.next === null || this.limit >= 200;
  }

  /// What of it an operator should know of at a glance.
  async look() {
    const { items } = await api.get(`/stacks/${e(this.params.stack)}/webhooks${query({ limit: 200, secrets: false })}`, this.signal);
    const print = JSON.stringify(items.map(webhook => [webhook.id, webhook.name, webhook.status, webhook.decryptionError]));
    if (print === this.print) return;
    this.print = print;
    const found = troubles(items);
    this.ill.hidden = found.length === 0;
    keepFocus(this.ill, this.ill, () => this.ill.replaceChildren(...found));
  }

  name(stack) {
    this.stack = stack;
    this.heading.querySelector("h1").textContent = stack.name;
    this.lead.textContent = [stack.description, stack.repository].filter(Boolean).join(" · ");
    this.lead.hidden = !this.lead.textContent;
  }

  table() {
    const heads = ["State", "Run", "Commit", "By", "Started", "Delta"];
    this.rows = h("tbody");
    this.more = h("button", { class: "more", type: "button", onclick: () => ((this.limit = 200), this.guard(() => this.load())) }, "Show more");
    return h(
      "div",
      {},
      h("div", { class: "sheet" }, h("table", { class: "cards" }, h("thead", {}, h("tr", {}, heads.map(text => h("th", { scope: "col" }, text)))), this.rows)),
      this.more,
    );
  }

  nothingYet() {
    return h(
      "div",
      { class: "empty" },
      h("h2", {}, "No runs yet"),
      h("p", {}, "Whatever executes runs reports them here, with a token of a writer:"),
      curl("POST", `/stacks/${e(this.params.stack)}/runs`, { branch: "main", commit: { hash: "0ee3f1c", message: "Add a subnet" } }),
    );
  }
}

function row(stack, run) {
  return h(
    "tr",
    {},
    h("td", {}, stateMark(run.state), h("span", { class: "two" }, `version ${run.stateVersion}`)),
    h(
      "td",
      { class: "wide" },
      h("a", { class: "name", href: `#/stacks/${e(stack)}/runs/${e(run.id)}` }, run.id),
      h("span", { class: "two" }, run.type.toLowerCase(), run.driftDetection ? " · drift detection" : "", ` · ${run.branch}`),
    ),
    h("td", { class: "wide whole" }, commitLine(run.commit)),
    h("td", { class: "wide whole" }, h("span", { class: "lines2" }, run.triggeredBy ?? run.commit.authorName ?? "")),
    h("td", {}, when(run.createdAt)),
    h("td", {}, delta(run.delta)),
  );
}

customElements.define("rh-runs", RunsView);
