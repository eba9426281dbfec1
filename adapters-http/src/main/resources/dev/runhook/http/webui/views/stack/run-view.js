import { html, nothing } from "lit";
import { api, e, query } from "../../api/api.js";
import { t } from "../../text/messages.js";
import { learnStack } from "../../api/names.js";
import { View, facts, skeleton, title } from "../../components/view.js";
import { outcomeMark, resourceChanges, stateBadge, stateName } from "../../components/status-badges.js";
import { clockTime, timeAgo } from "../../text/time.js";
import { markCounts } from "./matrix.js";
import { commitLine, externalLink } from "./stack-layout.js";
import "./run-matrix.js";

const MAX_PAGES = 10;

/** A run: what it is, and the deliveries of each of its transitions. */
class RunView extends View {
  interval = 2500;
  olderPages = 0;

  get path() {
    return `/stacks/${e(this.params.stack)}/runs/${e(this.params.run)}`;
  }

  async receive() {
    const [run, explanation] = await Promise.all([
      api.get(this.path, this.signal),
      api.get(`${this.path}/explanation`, this.signal),
      learnStack(this.params.stack, this.signal),
    ]);
    let next = run.nextTransitions;
    for (let i = 0; next && i < this.olderPages; i++) {
      const transitions = await api.get(`${this.path}/transitions${query({ after: next })}`, this.signal);
      run.transitions.unshift(...transitions.items.reverse());
      next = transitions.next;
    }
    const explained = await this.explainAll(run, explanation);
    const steps = run.transitions
      .toReversed()
      .map(step => ({ ...step, outcomes: outcomesByWebhook(explained.get(step.stateVersion)) }));
    return { run, next, steps, webhooks: webhooksOf(steps) };
  }

  /** Explains the transitions that are shown. A page of explanations can have fewer than a page of transitions. */
  async explainAll({ transitions: [oldest] }, { transitions, nextTransitions }) {
    const explained = new Map();
    const add = items => items.forEach(each => explained.set(each.stateVersion, each.webhooks));
    add(transitions);
    let after = nextTransitions;
    for (let i = 0; after && !explained.has(oldest.stateVersion) && i < MAX_PAGES; i++) {
      const page = await api.get(`${this.path}/explanation${query({ after })}`, this.signal);
      add(page.transitions);
      after = page.nextTransitions;
    }
    return explained;
  }

  showOlder() {
    this.olderPages++;
    this.reload();
  }

  /** Keeps the selection in the URL, so that it is still there after a visit to the delivery. */
  select(at) {
    this.chooseQuery({ ...this.params.query, at });
  }

  render() {
    const { run } = this;
    return html`
      ${title(this.params.run, run ? stateBadge(run.state) : html`<span class="badge">…</span>`)}
      <div class="stackup">${run ? [details(run), this.deliveries(), this.changes()] : skeleton(6)}</div>
    `;
  }

  /** The latest list. Few runs have one, so that its module is loaded then. */
  changes() {
    const step = this.steps.find(({ changeCount }) => changeCount > 0);
    if (!step) return nothing;
    import("./run-changes.js");
    return html`<rh-run-changes .path=${this.path} .version=${step.stateVersion}></rh-run-changes>`;
  }

  deliveries() {
    const { steps, webhooks } = this;
    return html`
      <section aria-labelledby="deliveries">
        <div class="title">
          <h2 id="deliveries">${t.deliveries}</h2>
          ${webhooks.length ? markCounts(marks(steps)) : html`<span class="quiet">${t.run.noWebhooks}</span>`}
        </div>
        <rh-run-matrix
          .stack=${this.params.stack}
          .steps=${steps}
          .webhooks=${webhooks}
          .selection=${this.params.query?.at}
          .onSelect=${at => this.select(at)}
          .onChange=${() => this.load()}
        ></rh-run-matrix>
        ${this.next
          ? html`<button type="button" class="more" @click=${() => this.showOlder()}>${t.run.older}</button>`
          : nothing}
      </section>
    `;
  }
}

function details(run) {
  const author = [run.commit.authorName, run.commit.authorLogin].filter(Boolean).join(" · ");
  return facts(
    [
      [t.run.type, [stateName(run.type), run.driftDetection ? ` · ${t.runs.drift}` : ""]],
      [t.run.branch, html`<code dir="auto">${run.branch}</code>`],
      [t.run.commit, commitLine(run.commit)],
      author && [t.run.author, html`<bdi>${author}</bdi>`],
      run.triggeredBy && [t.run.triggeredBy, html`<bdi>${run.triggeredBy}</bdi>`],
      [t.run.started, [timeAgo(run.createdAt), ", ", clockTime(run.createdAt)]],
      run.delta && [t.run.changes, resourceChanges(run.delta)],
      run.command && [t.run.command, html`<code>${run.command}</code>`],
      run.url && [t.run.url, externalLink(run.url, run.url)],
    ],
    "facts card strip",
  );
}

const marks = steps => steps.flatMap(step => [...step.outcomes.values()]).map(outcomeMark);

const outcomesByWebhook = (outcomes = []) => new Map(outcomes.map(outcome => [outcome.webhook, outcome]));

/** The webhooks of all steps in the order of the latest one; deleted webhooks are last. */
function webhooksOf(steps) {
  const webhooks = new Map();
  for (const { outcomes } of steps) {
    for (const { webhook: id, name, endpoint, deleted } of outcomes.values()) {
      if (!webhooks.has(id)) webhooks.set(id, { id, name, endpoint, deleted });
    }
  }
  return [...webhooks.values()].sort((one, other) => one.deleted - other.deleted);
}

customElements.define("rh-run", RunView);
