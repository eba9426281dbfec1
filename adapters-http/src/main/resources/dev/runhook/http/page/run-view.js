import { h, outward, plural } from "./dom.js";
import { api, e, query } from "./api.js";
import { View, ghost, title } from "./view.js";
import { delta, kindOfState, mark, stateMark, statusMark } from "./marks.js";
import { when } from "./time.js";
import { commitLine } from "./stack-frame.js";

/// One run: how it came to where it is, and who was told of each step.
class RunView extends View {
  show() {
    this.heading = title(this.params.run);
    this.place = h("div", {}, ghost(6));
    this.append(this.heading, this.place);
    this.guard(() => this.load());
    this.every(2500, () => this.load());
  }

  async load() {
    const { stack, run } = this.params;
    const base = `/stacks/${e(stack)}`;
    const [history, webhooks, deliveries] = await Promise.all([
      api.get(`${base}/runs/${e(run)}`, this.signal),
      api.get(`${base}/webhooks${query({ limit: 200 })}`, this.signal),
      this.deliveries(base, run),
    ]);
    const print = JSON.stringify([history, webhooks, deliveries]);
    if (print === this.print || this.contains(document.activeElement?.closest("rh-run .timeline a"))) return;
    this.print = print;
    this.heading.querySelector(".actions").replaceChildren(stateMark(history.state));
    this.place.replaceChildren(
      h(
        "div",
        { class: "split" },
        h("section", { "aria-label": "What happened, and who was told" }, timeline(history, webhooks.items, deliveries)),
        facts(history),
      ),
    );
  }

  async deliveries(base, run) {
    const page = await api.get(`${base}/runs/${e(run)}/deliveries${query({ limit: 200 })}`, this.signal);
    return page.items;
  }
}

function facts(run) {
  const rows = [
    ["Type", [run.type.toLowerCase(), run.driftDetection ? " · drift detection" : ""]],
    ["Branch", h("code", {}, run.branch)],
    ["Commit", commitLine(run.commit)],
    run.commit.authorName || run.commit.authorLogin ? ["Author", [run.commit.authorName, run.commit.authorLogin].filter(Boolean).join(" · ")] : null,
    run.triggeredBy ? ["By", run.triggeredBy] : null,
    ["Started", when(run.createdAt)],
    ["Delta", delta(run.delta)],
    run.command ? ["Command", h("code", {}, run.command)] : null,
    run.url ? ["Address", outward(run.url, run.url)] : null,
  ].filter(Boolean);
  return h("dl", { class: "facts card" }, rows.map(([name, value]) => [h("dt", {}, name), h("dd", {}, value)]));
}

function timeline(run, webhooks, deliveries) {
  return h(
    "ol",
    { class: "timeline card" },
    run.transitions.toReversed().map(step =>
      h(
        "li",
        { class: kindOfState(step.state) },
        h(
          "div",
          { class: "head" },
          stateMark(step.state),
          h("span", { class: "quiet" }, `version ${step.stateVersion}`),
          when(step.timestamp),
          step.usual ? null : mark("warn", "unusual move", "This state does not usually follow the one before; it was recorded and delivered all the same"),
          step.delta ? delta(step.delta) : null,
        ),
        step.note ? h("p", { class: "lines2 note" }, step.note) : null,
        told(run, deliveries.filter(delivery => delivery.stateVersion === step.stateVersion), webhooks),
      ),
    ),
  );
}

function told(run, deliveries, webhooks) {
  if (deliveries.length === 0) return h("p", { class: "quiet small" }, "Nobody was told of it.");
  return h(
    "ul",
    { class: "told", "aria-label": plural(deliveries.length, "delivery", "deliveries") },
    deliveries.map(delivery => {
      const webhook = webhooks.find(each => each.id === delivery.webhook);
      return h(
        "li",
        {},
        statusMark(delivery),
        h("span", { class: "name" }, webhook ? webhook.name || webhook.endpoint : "a webhook that is gone"),
        h("span", { class: "quiet" }, plural(delivery.attempts, "attempt"), delivery.redeliveryOf ? " · sent again by hand" : ""),
        h("a", { href: `#/stacks/${e(run.stack)}/settings/integrations/${e(delivery.webhook)}/deliveries/${e(delivery.id)}`, "aria-label": `The delivery to ${webhook?.name || webhook?.endpoint}` }, "Look at it"),
      );
    }),
  );
}

customElements.define("rh-run", RunView);
