import { h, keepFocus, sync } from "./dom.js";
import { api, e, query } from "./api.js";
import { View, skeleton, title } from "./view.js";
import { resourceChanges, stateBadge } from "./status-badges.js";
import { relativeTime } from "./time.js";
import { curlExample } from "./clipboard.js";
import { commitLine, stackTabs, webhookProblems } from "./stack-layout.js";

/// The runs of a stack, newest first.
class RunsView extends View {
  show() {
    const { stack } = this.params;
    this.heading = title(stack);
    this.lead = h("p", { class: "lead" }, "\u00a0"); // reserves the space
    this.problems = h("section", { "aria-label": "Webhooks with problems", class: "problems", hidden: true });
    this.content = h("div", {}, skeleton());
    this.limit = 50;
    this.append(this.heading, this.lead, stackTabs(stack, "runs"), this.problems, this.content);
    this.problemsLoaded = this.guard(() => this.loadProblems(), true);
    this.guard(() => this.load());
    this.every(3000, () => this.load());
    this.every(6000, () => this.loadProblems());
  }

  async load() {
    const path = `/stacks/${e(this.params.stack)}`;
    const [stack, page] = await Promise.all([
      this.stack ?? api.get(path, this.signal),
      api.get(`${path}/runs${query({ limit: this.limit })}`, this.signal),
    ]);
    if (!this.stack) this.showStack(stack);
    await this.problemsLoaded; // they are above the table, which would otherwise move down
    if (page.items.length === 0) {
      this.content.replaceChildren(this.emptyState());
      this.rows = null;
      return;
    }
    if (!this.rows) this.content.replaceChildren(this.table());
    sync(this.rows, page.items, run => run.id, run => row(this.params.stack, run));
    this.more.hidden = page.next === null || this.limit >= 200;
  }

  async loadProblems() {
    const path = `/stacks/${e(this.params.stack)}/webhooks${query({ limit: 200 })}`;
    const { items } = await api.get(path, this.signal);
    const relevant = items.map(({ id, name, status, decryptionError }) => [id, name, status, decryptionError]);
    const state = JSON.stringify(relevant);
    if (state === this.problemState) return;
    this.problemState = state;
    const found = webhookProblems(items);
    this.problems.hidden = found.length === 0;
    keepFocus(this.problems, this.problems, () => this.problems.replaceChildren(...found));
  }

  showStack(stack) {
    this.stack = stack;
    this.heading.querySelector("h1").textContent = stack.name;
    this.lead.textContent = [stack.description, stack.repository].filter(Boolean).join(" · ");
    this.lead.hidden = !this.lead.textContent;
  }

  table() {
    const heads = ["State", "Run", "Commit", "Triggered by", "Started", "Changes"];
    this.rows = h("tbody");
    this.more = h("button", { class: "more", type: "button", onclick: () => this.showMore() }, "Show more");
    const head = h("thead", {}, h("tr", {}, heads.map(text => h("th", { scope: "col" }, text))));
    return h("div", {}, h("div", { class: "sheet" }, h("table", { class: "cards" }, head, this.rows)), this.more);
  }

  showMore() {
    this.limit = 200;
    this.guard(() => this.load());
  }

  emptyState() {
    return h(
      "div",
      { class: "empty" },
      h("h2", {}, "No runs yet"),
      h("p", {}, "Report a run from your CI with a writer token:"),
      curlExample("POST", `/stacks/${e(this.params.stack)}/runs`, {
        branch: "main",
        commit: { hash: "0ee3f1c", message: "Add a subnet" },
      }),
    );
  }
}

function row(stack, run) {
  return h(
    "tr",
    {},
    h(
      "td",
      {},
      stateBadge(run.state),
      h("span", { class: "two", title: `state version ${run.stateVersion}` }, `#${run.stateVersion}`),
    ),
    h(
      "td",
      { class: "wide" },
      h("a", { class: "name", href: `#/stacks/${e(stack)}/runs/${e(run.id)}` }, run.id),
      h(
        "span",
        { class: "two" },
        run.type.toLowerCase(),
        run.driftDetection ? " · drift detection" : "",
        ` · ${run.branch}`,
      ),
    ),
    h("td", { class: "wide whole" }, commitLine(run.commit)),
    h("td", { class: "wide whole" }, h("span", { class: "lines2" }, run.triggeredBy ?? run.commit.authorName ?? "")),
    h("td", {}, relativeTime(run.createdAt)),
    h("td", {}, resourceChanges(run.delta)),
  );
}

customElements.define("rh-runs", RunsView);
