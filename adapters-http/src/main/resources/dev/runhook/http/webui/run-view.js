import { h, keepFocus, externalLink } from "./dom.js";
import { api, e } from "./api.js";
import { View, skeleton, title } from "./view.js";
import { resourceChanges, stateKind, badge, stateBadge, deliveryBadge } from "./status-badges.js";
import { withLocalTimes, relativeTime } from "./time.js";
import { commitLine } from "./stack-layout.js";

/// A run: its transitions, and the deliveries of each transition.
class RunView extends View {
  show() {
    this.olderPages = 0;
    this.heading = title(this.params.run);
    this.content = h("div", {}, skeleton(6));
    this.append(this.heading, this.content);
    this.guard(() => this.load());
    this.every(2500, () => this.load());
  }

  async load() {
    const path = `/stacks/${e(this.params.stack)}/runs/${e(this.params.run)}`;
    const [history, explanation] = await Promise.all([
      api.get(path, this.signal),
      api.get(`${path}/explanation`, this.signal),
    ]);
    let next = history.nextTransitions;
    for (let i = 0; next && i < this.olderPages; i++) {
      const [transitions, explained] = await Promise.all([
        api.get(`${path}/transitions?after=${e(next)}`, this.signal),
        api.get(`${path}/explanation?after=${e(next)}`, this.signal),
      ]);
      history.transitions.unshift(...transitions.items.reverse());
      explanation.transitions.unshift(...explained.transitions);
      next = transitions.next;
    }
    const state = JSON.stringify([history, explanation, next]);
    if (state === this.state) return;
    this.state = state;
    keepFocus(this, this, () => this.draw(history, explanation.transitions, next));
  }

  showOlder() {
    this.olderPages++;
    this.guard(() => this.load());
  }

  draw(history, transitions, next) {
    this.heading.querySelector(".actions").replaceChildren(stateBadge(history.state));
    this.content.replaceChildren(
      h(
        "div",
        { class: "split" },
        facts(history),
        h(
          "section",
          { "aria-label": "Transitions and deliveries" },
          timeline(history, transitions),
          next ? h("button", { type: "button", onclick: () => this.showOlder() }, "Show older transitions") : null,
        ),
      ),
    );
  }
}

function facts(run) {
  const author = [run.commit.authorName, run.commit.authorLogin].filter(Boolean).join(" · ");
  const rows = [
    ["Type", [run.type.toLowerCase(), run.driftDetection ? " · drift detection" : ""]],
    ["Branch", h("code", {}, run.branch)],
    ["Commit", commitLine(run.commit)],
    author ? ["Author", author] : null,
    run.triggeredBy ? ["Triggered by", run.triggeredBy] : null,
    ["Started", relativeTime(run.createdAt)],
    ["Changes", resourceChanges(run.delta)],
    run.command ? ["Command", h("code", {}, run.command)] : null,
    run.url ? ["URL", externalLink(run.url, run.url)] : null,
  ].filter(Boolean);
  return h("dl", { class: "facts card" }, rows.map(([name, value]) => [h("dt", {}, name), h("dd", {}, value)]));
}

function timeline(run, explained) {
  return h(
    "ol",
    { class: "timeline card" },
    run.transitions.toReversed().map(step =>
      h(
        "li",
        { class: stateKind(step.state) },
        h(
          "div",
          { class: "head" },
          stateBadge(step.state),
          h("span", { class: "quiet", title: `state version ${step.stateVersion}` }, `#${step.stateVersion}`),
          relativeTime(step.timestamp),
          step.expected
            ? null
            : badge("warn", "Unexpected transition", "Unexpected order; recorded and delivered anyway."),
          step.delta ? resourceChanges(step.delta) : null,
        ),
        step.note ? h("p", { class: "lines2 note" }, step.note) : null,
        outcomes(run, explained.find(each => each.stateVersion === step.stateVersion)?.webhooks),
      ),
    ),
  );
}

/// For each webhook, the delivery of this transition or the reason why there is none.
function outcomes(run, webhooks) {
  if (!webhooks) return h("p", { class: "quiet small" }, "Deliveries: see each webhook of this stack.");
  if (webhooks.length === 0) return h("p", { class: "quiet small" }, "No webhooks on this stack.");
  return h(
    "ul",
    { class: "outcomes", "aria-label": "Deliveries" },
    webhooks.map(webhook => {
      const name = webhook.name || webhook.endpoint;
      const base = `#/stacks/${e(run.stack)}/settings/integrations/${e(webhook.webhook)}/deliveries`;
      const reason = webhook.explanation.at(-1);
      const link = { href: `${base}/${e(webhook.delivery)}`, "aria-label": `View delivery to ${name}` };
      return h(
        "li",
        {},
        webhook.delivery ? deliveryBadge({ status: webhook.status, attemptCount: 0 }) : badge("idle", "Not sent"),
        h(
          "span",
          {},
          h("span", { class: "name" }, name),
          webhook.deleted ? " (deleted webhook) " : " ",
          webhook.delivery ? h("a", link, "View delivery") : null,
        ),
        reason && webhook.status !== "DELIVERED"
          ? h("span", { class: "quiet small why" }, withLocalTimes(reason))
          : null,
      );
    }),
  );
}

customElements.define("rh-run", RunView);
