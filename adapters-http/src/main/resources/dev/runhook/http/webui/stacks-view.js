import { h, plural, sync } from "./dom.js";
import { api, e, query } from "./api.js";
import { View, ghost, title } from "./view.js";
import { countMarks, stateMark } from "./marks.js";
import { when } from "./time.js";
import { curl } from "./copy.js";

/// All stacks that the token may see, with what matters of each.
class StacksView extends View {
  show() {
    this.search = h("input", {
      type: "search",
      class: "search",
      placeholder: "Search by name or id",
      "aria-label": "Search stacks",
      oninput: () => this.later(),
    });
    this.place = h("div", {}, ghost());
    this.limit = 50;
    this.append(title("Stacks", this.search), this.place);
    this.guard(() => this.load());
    this.every(5000, () => this.load());
  }

  later() {
    clearTimeout(this.typing);
    this.typing = setTimeout(() => this.guard(() => this.load(), true), 150);
  }

  async load() {
    const search = this.search.value.trim();
    const page = await api.get("/stacks" + query({ search, limit: this.limit }), this.signal);
    if (search !== this.search.value.trim()) return;
    if (page.items.length === 0) {
      this.rows = null;
      this.place.replaceChildren(search ? this.nothingFound(search) : this.nothingYet());
      return;
    }
    if (!this.rows) this.place.replaceChildren(this.table());
    sync(this.rows, page.items, stack => stack.id, row);
    this.more.hidden = page.next === null || this.limit >= 200;
    this.count.textContent = page.next === null ? plural(page.items.length, "stack") : `the first ${page.items.length} stacks; search for others`;
  }

  table() {
    this.rows = h("tbody");
    this.count = h("p", { class: "quiet small more", role: "status" });
    this.more = h("button", { class: "more", type: "button", onclick: () => ((this.limit = 200), this.guard(() => this.load())) }, "Show more");
    return h(
      "div",
      {},
      h(
        "div",
        { class: "sheet" },
        h(
          "table",
          { class: "cards" },
          h("thead", {}, h("tr", {}, ["Stack", "Latest run", "Webhooks", "Labels"].map(text => h("th", { scope: "col" }, text)))),
          this.rows,
        ),
      ),
      this.more,
      this.count,
    );
  }

  nothingFound(search) {
    return h("div", { class: "empty" }, h("h2", {}, "Nothing found"), h("p", {}, "No stack has ", h("b", {}, search), " in its name or id."));
  }

  nothingYet() {
    return h(
      "div",
      { class: "empty" },
      h("h2", {}, "No stacks yet"),
      h("p", {}, "A stack is what runs are made for. Whoever reports runs makes it known, with a token of a writer:"),
      curl("PUT", "/stacks/demo", { name: "Demo" }),
    );
  }
}

function row(stack) {
  const run = stack.latestRun;
  return h(
    "tr",
    {},
    h(
      "td",
      { class: "wide whole" },
      h("a", { class: "name lines2", href: `#/stacks/${e(stack.id)}` }, stack.name),
      h("span", { class: "two lines2" }, h("code", {}, stack.id), stack.description ? ` · ${stack.description}` : ""),
    ),
    h(
      "td",
      {},
      run
        ? [
            stateMark(run.state),
            h("span", { class: "two nowrap" }, h("a", { href: `#/stacks/${e(stack.id)}/runs/${e(run.id)}`, class: "clip short", title: run.id }, run.id), " · ", when(run.createdAt)),
          ]
        : h("span", { class: "quiet" }, "no run yet"),
    ),
    h("td", { class: "whole" }, h("a", { href: `#/stacks/${e(stack.id)}/settings/integrations`, class: "small", "aria-label": `Webhooks of ${stack.name}` }, countMarks(stack.webhooks))),
    h("td", { class: "wide whole" }, stack.labels.length ? h("span", { class: "marks" }, stack.labels.slice(0, 6).map(label => h("span", { class: "tag", title: label }, label))) : null),
  );
}

customElements.define("rh-stacks", StacksView);
