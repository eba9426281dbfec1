import { html, nothing } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { api, e, query } from "./api.js";
import { learnName } from "./names.js";
import { View, emptyState, sheet, skeleton, title } from "./view.js";
import { resourceChanges, stateBadge } from "./status-badges.js";
import { relativeTime } from "./time.js";
import { curlExample } from "./clipboard.js";
import { commitLine, stackTabs, webhookProblems } from "./stack-layout.js";

/// The runs of a stack, newest first.
class RunsView extends View {
  limit = 50;

  start() {
    this.poll(3000, () => this.load());
    this.every(6000, async () => this.set({ webhooks: await this.loadWebhooks() }));
  }

  get path() {
    return `/stacks/${e(this.params.stack)}`;
  }

  async load() {
    const [stack, page, webhooks] = await Promise.all([
      this.stack ?? api.get(this.path, this.signal),
      api.get(`${this.path}/runs${query({ limit: this.limit })}`, this.signal),
      this.webhooks ?? this.loadWebhooks(), // shown above the table, which would otherwise move down later
    ]);
    learnName(stack.id, stack.name);
    this.set({ stack, page, webhooks: this.webhooks ?? webhooks });
  }

  async loadWebhooks() {
    return (await api.get(`${this.path}/webhooks${query({ limit: 200 })}`, this.signal)).items;
  }

  showMore() {
    this.limit = 200;
    this.guard(() => this.load());
  }

  render() {
    const { stack } = this;
    // a space reserves the place of the description
    const lead = stack ? [stack.description, stack.repository].filter(Boolean).join(" · ") : "\u00a0";
    return html`
      ${title(stack?.name ?? this.params.stack)}
      ${lead ? html`<p class="lead" dir="auto">${lead}</p>` : nothing}
      ${stackTabs(this.params.stack, "runs")}
      ${webhookProblems(this.webhooks ?? [])}
      <div>${this.content()}</div>
    `;
  }

  content() {
    const { page, limit } = this;
    if (!page) return skeleton();
    if (page.items.length === 0) {
      const run = { branch: "main", commit: { hash: "0ee3f1c", message: "Add a subnet" } };
      return emptyState(
        "No runs yet",
        html`<p>Report a run from your CI with a writer token:</p>`,
        curlExample("POST", `${this.path}/runs`, run),
      );
    }
    return html`
      ${sheet(
        ["State", "Run", "Commit", "Triggered by", "Started", "Changes"],
        repeat(page.items, run => run.id, run => row(this.params.stack, run)),
      )}
      ${page.next !== null && limit < 200
        ? html`<button class="more" type="button" @click=${() => this.showMore()}>Show more</button>`
        : nothing}
    `;
  }
}

function row(stack, run) {
  const kind = run.type.toLowerCase() + (run.driftDetection ? " · drift detection" : "");
  return html`
    <tr>
      <td>
        ${stateBadge(run.state)}
        <span class="two" title="state version ${run.stateVersion}">#${run.stateVersion}</span>
      </td>
      <td class="wide">
        <a class="name" href="#/stacks/${e(stack)}/runs/${e(run.id)}">${run.id}</a>
        <span class="two">${kind} · <bdi>${run.branch}</bdi></span>
      </td>
      <td class="wide whole">${commitLine(run.commit)}</td>
      <td class="wide whole"><span class="lines2">${run.triggeredBy ?? run.commit.authorName ?? ""}</span></td>
      <td>${relativeTime(run.createdAt)}</td>
      <td>${resourceChanges(run.delta)}</td>
    </tr>
  `;
}

customElements.define("rh-runs", RunsView);
