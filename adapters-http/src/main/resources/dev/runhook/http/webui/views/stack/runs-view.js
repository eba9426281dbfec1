import { html, nothing } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { api, e, query } from "../../api/api.js";
import { choice, filterForm, noItems, pageLinks } from "../../components/filter.js";
import { t } from "../../text/messages.js";
import { learnName } from "../../api/names.js";
import { listQuery } from "../../api/query.js";
import { View, emptyState, sheet, skeleton, title } from "../../components/view.js";
import { STATES, TYPES, resourceChanges, stateBadge, stateName } from "../../components/status-badges.js";
import { clockTime, timeAgo } from "../../text/time.js";
import { curlExample } from "../../components/clipboard.js";
import { commitLine, stackTabs, webhookProblems } from "./stack-layout.js";

/** The runs of a stack, newest first, one page at a time. */
class RunsView extends View {
  start() {
    this.poll(3000, () => this.load());
    this.every(6000, async () => this.set({ webhooks: await this.loadWebhooks() }));
  }

  get path() {
    return `/stacks/${e(this.params.stack)}`;
  }

  get address() {
    return `#${this.path}`;
  }

  async load() {
    const current = this.params.query;
    const [stack, page, webhooks] = await Promise.all([
      this.stack ?? api.get(this.path, this.signal),
      this.loadPage(current),
      this.webhooks ?? this.loadWebhooks(), // shown above the table, which would otherwise move down later
    ]);
    learnName(stack.id, stack.name);
    if (current === this.params.query) this.set({ stack, page, webhooks: this.webhooks ?? webhooks });
  }

  /** A search reads a limited number of runs, but always finds the run with exactly this id. */
  async loadPage(filter) {
    const page = await api.get(`${this.path}/runs${listQuery(filter)}`, this.signal);
    const { idPrefix, ...others } = filter;
    if (!idPrefix || Object.values(others).some(Boolean) || page.items.length > 0 || page.next === null) return page;
    try {
      return { ...page, items: [await api.get(`${this.path}/runs/${e(idPrefix)}`, this.signal)] };
    } catch (problem) {
      if (problem.status !== 404 && problem.status !== 400) throw problem;
      return page;
    }
  }

  async loadWebhooks() {
    return (await api.get(`${this.path}/webhooks${query({ limit: 200 })}`, this.signal)).items;
  }

  /** Applies a filter without leaving the view, so that the field keeps the focus. */
  async applyFilter(chosen) {
    this.params.query = chosen;
    history.replaceState(history.state, "", this.address + query(chosen));
    await this.guard(() => this.load());
  }

  render() {
    const { stack } = this;
    // a space reserves the place of the description
    const lead = stack ? [stack.description, stack.repository].filter(Boolean).join(" · ") : "\u00a0";
    return html`
      ${stackTabs(this.params.stack, "runs")}
      ${title(stack?.name ?? this.params.stack)}
      ${lead ? html`<p class="lead" dir="auto">${lead}</p>` : nothing}
      ${this.page
        ? html`
            ${webhookProblems(this.webhooks)}
            ${this.filterForm()}
            <div>${this.list(this.page)}</div>
          `
        : skeleton()}
    `;
  }

  filterForm() {
    const fields = [
      { name: "idPrefix", label: t.filter.run, placeholder: t.filter.runIdPrefix, isMain: true },
      choice("state", t.filter.state, t.filter.allStates, STATES),
      choice("type", t.filter.type, t.filter.allTypes, TYPES),
      { name: "branch", label: t.filter.branch, placeholder: t.filter.allBranches },
    ];
    return filterForm(t.filter.runs, fields, this.params.query, chosen => this.applyFilter(chosen));
  }

  list({ items, next }) {
    return html`
      ${items.length > 0
        ? sheet(t.runs.heads, repeat(items, run => run.id, run => this.row(run)))
        : noItems(this.address, this.params.query, next, this.emptyState())}
      ${pageLinks(this.address, this.params.query, next)}
    `;
  }

  emptyState() {
    const run = { branch: "main", commit: { hash: "0ee3f1c", message: "Add a subnet" } };
    return emptyState(
      t.runs.empty,
      html`<p>${t.runs.emptyText}</p>`,
      curlExample("POST", `${this.path}/runs`, run),
    );
  }

  row(run) {
    const kind = stateName(run.type) + (run.driftDetection ? ` · ${t.runs.drift}` : "");
    return html`
      <tr>
        <td>
          ${stateBadge(run.state)}
          <span class="two" title=${t.runs.stateVersion(run.stateVersion)}>#${run.stateVersion}</span>
        </td>
        <td class="wide">
          <a class="name rowlink" href="${this.address}/runs/${e(run.id)}">${run.id}</a>
          <span class="two">${kind} · <bdi>${run.branch}</bdi></span>
        </td>
        <td class="wide whole">${commitLine(run.commit)}</td>
        <td class="wide whole">
          <bdi class="lines2">${run.triggeredBy ?? run.commit.authorName ?? ""}</bdi>
        </td>
        <td>${timeAgo(run.createdAt)}<span class="two">${clockTime(run.createdAt)}</span></td>
        <td>${resourceChanges(run.delta)}</td>
      </tr>
    `;
  }
}

customElements.define("rh-runs", RunsView);
