import { h, plural, sync } from "./dom.js";
import { api, e, query } from "./api.js";
import { View, skeleton, title } from "./view.js";
import { webhookCountBadges, stateBadge } from "./status-badges.js";
import { relativeTime } from "./time.js";
import { curlExample } from "./clipboard.js";

/// The stacks that the user can see, with the latest run and the state of the webhooks.
class StacksView extends View {
  show() {
    this.search = h("input", {
      type: "search",
      class: "search",
      placeholder: "Search by name or id",
      "aria-label": "Search stacks",
      oninput: () => this.searchSoon(),
    });
    this.content = h("div", {}, skeleton());
    this.limit = 50;
    this.append(title("Stacks", this.search), this.content);
    this.guard(() => this.load());
    this.every(5000, () => this.load());
  }

  searchSoon() {
    clearTimeout(this.searchTimer);
    this.searchTimer = setTimeout(() => this.guard(() => this.load(), true), 150);
  }

  async load() {
    const search = this.search.value.trim();
    const page = await api.get("/stacks" + query({ search, limit: this.limit }), this.signal);
    if (search !== this.search.value.trim()) return;
    if (page.items.length === 0) {
      this.rows = null;
      this.content.replaceChildren(search ? this.noResults(search) : this.emptyState());
      return;
    }
    if (!this.rows) this.content.replaceChildren(this.table());
    sync(this.rows, page.items, stack => stack.id, row);
    this.more.hidden = page.next === null || this.limit >= 200;
    this.count.textContent =
      page.next === null
        ? plural(page.items.length, "stack")
        : `Showing the first ${page.items.length} stacks. Search to find others.`;
  }

  table() {
    this.rows = h("tbody");
    this.count = h("p", { class: "quiet small more", role: "status" });
    this.more = h("button", { class: "more", type: "button", onclick: () => this.showMore() }, "Show more");
    const heads = ["Stack", "Latest run", "Webhooks", "Labels"];
    return h(
      "div",
      {},
      h(
        "div",
        { class: "sheet" },
        h(
          "table",
          { class: "cards" },
          h("thead", {}, h("tr", {}, heads.map(text => h("th", { scope: "col" }, text)))),
          this.rows,
        ),
      ),
      this.more,
      this.count,
    );
  }

  showMore() {
    this.limit = 200;
    this.guard(() => this.load());
  }

  noResults(search) {
    return h(
      "div",
      { class: "empty" },
      h("h2", {}, "No matching stacks"),
      h("p", {}, "No stack has ", h("b", {}, search), " in its name or id."),
    );
  }

  emptyState() {
    return h(
      "div",
      { class: "empty" },
      h("h2", {}, "No stacks yet"),
      h("p", {}, "Stacks appear when your platform registers them. Register one with a writer token:"),
      curlExample("PUT", "/stacks/demo", { name: "Demo" }),
    );
  }
}

function row(stack) {
  const run = stack.latestRun;
  const base = `#/stacks/${e(stack.id)}`;
  const labels = stack.labels.slice(0, 6).map(label => h("span", { class: "tag", title: label }, label));
  return h(
    "tr",
    {},
    h(
      "td",
      { class: "wide whole" },
      h("a", { class: "name lines2", href: base }, stack.name),
      h("span", { class: "two lines2" }, h("code", {}, stack.id), stack.description ? ` · ${stack.description}` : ""),
    ),
    h(
      "td",
      {},
      run
        ? [
            stateBadge(run.state),
            h(
              "span",
              { class: "two nowrap" },
              h("a", { href: `${base}/runs/${e(run.id)}`, class: "clip short", title: run.id }, run.id),
              " · ",
              relativeTime(run.createdAt),
            ),
          ]
        : h("span", { class: "quiet" }, "No runs yet"),
    ),
    h(
      "td",
      { class: "whole" },
      h(
        "a",
        { href: `${base}/settings/integrations`, class: "small", "aria-label": `Webhooks of ${stack.name}` },
        webhookCountBadges(stack.webhooks),
      ),
    ),
    h("td", { class: "wide whole" }, labels.length ? h("span", { class: "badges" }, labels) : null),
  );
}

customElements.define("rh-stacks", StacksView);
