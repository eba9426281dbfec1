import { html, nothing } from "lit";
import { api, e, query } from "../../api/api.js";
import { t } from "../../text/messages.js";
import { learnName } from "../../api/names.js";
import { listQuery } from "../../api/query.js";
import { choice } from "../../components/filter.js";
import { ListView } from "../../components/list.js";
import { emptyState, skeleton, title } from "../../components/view.js";
import { STATES, TYPES, resourceChanges, stateBadge, stateName } from "../../components/status-badges.js";
import { timeAgo } from "../../text/time.js";
import { curlExample } from "../../components/clipboard.js";
import { commitLine, stackTabs, webhookProblems } from "./stack-layout.js";

const [stateHead, runHead, commitHead, triggeredByHead, startedHead, changesHead] = t.runs.heads;

/** The runs of a stack, newest first, one page at a time. */
class RunsView extends ListView {
  interval = 3000;
  fields = [
    { name: "idPrefix", key: "run", label: t.filter.run, isMain: true },
    choice("state", t.filter.state, STATES),
    choice("type", t.filter.type, TYPES),
    { name: "branch", key: "branch", label: t.filter.branch },
  ];
  columns = [
    [stateHead, state, "state"],
    [runHead, run => name(run, `${this.address}/runs/${e(run.id)}`), "wide"],
    [commitHead, ({ commit }) => commitLine(commit), "wide whole commit"],
    [triggeredByHead, triggeredBy, "wide whole by"],
    [startedHead, ({ createdAt }) => timeAgo(createdAt), "started"],
    [changesHead, ({ delta }) => resourceChanges(delta), "changes"],
  ];

  start() {
    super.start();
    this.every(6000, async () => this.set({ webhooks: await this.loadWebhooks() }));
  }

  get path() {
    return `/stacks/${e(this.params.stack)}`;
  }

  get address() {
    return `#${this.path}`;
  }

  async receive() {
    const [stack, page, webhooks] = await Promise.all([
      this.stack ?? api.get(this.path, this.signal),
      this.receivePage(this.params.query),
      this.webhooks ?? this.loadWebhooks(), // shown above the table, which would otherwise move down later
    ]);
    learnName(stack.id, stack.name);
    return { stack, page, webhooks: this.webhooks ?? webhooks };
  }

  /** A search reads a limited number of runs, but always finds the run with exactly this id. */
  async receivePage(filter) {
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

  render() {
    const { stack } = this;
    // a space reserves the place of the description
    const lead = stack ? [stack.description, stack.repository].filter(Boolean).join(" · ") : "\u00a0";
    return html`
      ${stackTabs(this.params.stack, "runs")}
      ${title(
        stack?.name ?? this.params.stack,
        html`<a class="button" href="${this.address}/day">${t.runs.day}</a>`,
      )}
      ${lead ? html`<p class="lead" dir="auto">${lead}</p>` : nothing}
      ${this.webhooks ? webhookProblems(this.webhooks) : nothing}
      ${this.page || this.refusal
        ? html`${this.filter(t.filter.runs)}<div>${this.list()}</div>`
        : skeleton()}
    `;
  }

  empty() {
    const run = { branch: "main", commit: { hash: "0ee3f1c", message: "Add a subnet" } };
    return this.noMatches(emptyState(
      t.runs.empty,
      html`<p>${t.runs.emptyText}</p>`,
      curlExample("POST", `${this.path}/runs`, run),
    ));
  }
}

customElements.define("rh-runs", RunsView);

const state = run => html`
  ${stateBadge(run.state)}
  <span class="two" title=${t.runs.stateVersion(run.stateVersion)}>#${run.stateVersion}</span>
`;

function name(run, href) {
  const kind = stateName(run.type) + (run.driftDetection ? ` · ${t.runs.drift}` : "");
  return html`
    <a class="name rowlink" href=${href}>${run.id}</a>
    <span class="two lines2" title=${run.branch}>${kind} · <bdi>${run.branch}</bdi></span>
  `;
}

const triggeredBy = run => html`
  <bdi class="lines2">${run.triggeredBy ?? run.commit.authorName ?? ""}</bdi>
`;
