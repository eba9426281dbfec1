import { html, nothing } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { api, e } from "./api.js";
import { View, facts, skeleton, title } from "./view.js";
import { resourceChanges, stateKind, badge, stateBadge, deliveryBadge } from "./status-badges.js";
import { withLocalTimes, relativeTime } from "./time.js";
import { commitLine, externalLink } from "./stack-layout.js";

/// A run: its transitions, and the deliveries of each transition.
class RunView extends View {
  olderPages = 0;

  start() {
    this.poll(2500, () => this.load());
  }

  async load() {
    const path = `/stacks/${e(this.params.stack)}/runs/${e(this.params.run)}`;
    const [run, explanation] = await Promise.all([
      api.get(path, this.signal),
      api.get(`${path}/explanation`, this.signal),
    ]);
    let next = run.nextTransitions;
    for (let i = 0; next && i < this.olderPages; i++) {
      const [transitions, explained] = await Promise.all([
        api.get(`${path}/transitions?after=${e(next)}`, this.signal),
        api.get(`${path}/explanation?after=${e(next)}`, this.signal),
      ]);
      run.transitions.unshift(...transitions.items.reverse());
      explanation.transitions.unshift(...explained.transitions);
      next = transitions.next;
    }
    this.set({ run, explained: explanation.transitions, next });
  }

  showOlder() {
    this.olderPages++;
    this.guard(() => this.load());
  }

  render() {
    const { run } = this;
    return html`${title(this.params.run, run ? stateBadge(run.state) : nothing)}
      <div>${run ? this.content(run) : skeleton(6)}</div>`;
  }

  content(run) {
    return html`
      <div class="split">
        ${details(run)}
        <section aria-label="Transitions and deliveries">
          ${timeline(run, this.explained)}
          ${this.next
            ? html`<button type="button" @click=${() => this.showOlder()}>Show older transitions</button>`
            : nothing}
        </section>
      </div>
    `;
  }
}

function details(run) {
  const author = [run.commit.authorName, run.commit.authorLogin].filter(Boolean).join(" · ");
  return facts(
    [
      ["Type", [run.type.toLowerCase(), run.driftDetection ? " · drift detection" : ""]],
      ["Branch", html`<code>${run.branch}</code>`],
      ["Commit", commitLine(run.commit)],
      author && ["Author", author],
      run.triggeredBy && ["Triggered by", run.triggeredBy],
      ["Started", relativeTime(run.createdAt)],
      ["Changes", resourceChanges(run.delta)],
      run.command && ["Command", html`<code>${run.command}</code>`],
      run.url && ["URL", externalLink(run.url, run.url)],
    ],
    "facts card",
  );
}

function timeline(run, explained) {
  const steps = run.transitions.toReversed();
  return html`
    <ol class="timeline card">
      ${repeat(steps, step => step.stateVersion, step => html`
        <li class=${stateKind(step.state)}>
          <div class="head">
            ${stateBadge(step.state)}
            <span class="quiet" title="state version ${step.stateVersion}">#${step.stateVersion}</span>
            ${relativeTime(step.timestamp)}
            ${step.expected
              ? nothing
              : badge("warn", "Unexpected transition", "Unexpected order; recorded and delivered anyway.")}
            ${step.delta ? resourceChanges(step.delta) : nothing}
          </div>
          ${step.note ? html`<p class="lines2 note" dir="auto">${step.note}</p>` : nothing}
          ${outcomes(run, explained.find(each => each.stateVersion === step.stateVersion)?.webhooks)}
        </li>
      `)}
    </ol>
  `;
}

/// For each webhook, the delivery of this transition or the reason why there is none.
function outcomes(run, webhooks) {
  if (!webhooks) return html`<p class="quiet small">Deliveries: see each webhook of this stack.</p>`;
  if (webhooks.length === 0) return html`<p class="quiet small">No webhooks on this stack.</p>`;
  return html`
    <ul class="outcomes" aria-label="Deliveries">${webhooks.map(webhook => outcome(run, webhook))}</ul>
  `;
}

function outcome(run, webhook) {
  const name = webhook.name || webhook.endpoint;
  const base = `#/stacks/${e(run.stack)}/settings/integrations/${e(webhook.webhook)}/deliveries`;
  const reason = webhook.explanation.at(-1);
  return html`
    <li>
      ${webhook.delivery ? deliveryBadge({ status: webhook.status, attemptCount: 0 }) : badge("idle", "Not sent")}
      <span>
        <bdi class="name">${name}</bdi>${webhook.deleted ? " (deleted webhook) " : " "}${webhook.delivery
          ? html`<a href="${base}/${e(webhook.delivery)}" aria-label="View delivery to ${name}">View delivery</a>`
          : nothing}
      </span>
      ${reason && webhook.status !== "DELIVERED"
        ? html`<span class="quiet small why">${withLocalTimes(reason)}</span>`
        : nothing}
    </li>
  `;
}

customElements.define("rh-run", RunView);
