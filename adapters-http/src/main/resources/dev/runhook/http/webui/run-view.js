import { h, keepFocus, outward } from "./dom.js";
import { api, e } from "./api.js";
import { View, ghost, title } from "./view.js";
import { delta, kindOfState, mark, stateMark, statusMark } from "./marks.js";
import { timed, when } from "./time.js";
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
    const [history, told] = await Promise.all([
      api.get(`${base}/runs/${e(run)}`, this.signal),
      api.get(`${base}/runs/${e(run)}/explanation`, this.signal),
    ]);
    const print = JSON.stringify([history, told]);
    if (print === this.print) return;
    this.print = print;
    keepFocus(this, this, () => this.draw(history, told));
  }

  draw(history, told) {
    this.heading.querySelector(".actions").replaceChildren(stateMark(history.state));
    this.place.replaceChildren(
      h(
        "div",
        { class: "split" },
        facts(history),
        h("section", { "aria-label": "What happened, and who was told" }, timeline(history, told.transitions)),
      ),
    );
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

function timeline(run, told) {
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
          step.expected ? null : mark("warn", "unusual move", "This state does not usually follow the one before; it was recorded and delivered all the same"),
          step.delta ? delta(step.delta) : null,
        ),
        step.note ? h("p", { class: "lines2 note" }, step.note) : null,
        heard(run, told.find(each => each.stateVersion === step.stateVersion)?.webhooks ?? []),
      ),
    ),
  );
}

/// Each webhook, and what it was told of this step or why not.
function heard(run, webhooks) {
  if (webhooks.length === 0) return h("p", { class: "quiet small" }, "There is no webhook that could hear of it.");
  return h(
    "ul",
    { class: "told", "aria-label": "Who was told" },
    webhooks.map(webhook => {
      const name = webhook.name || webhook.endpoint;
      const place = `#/stacks/${e(run.stack)}/settings/integrations/${e(webhook.webhook)}/deliveries`;
      const why = webhook.explanation.at(-1);
      return h(
        "li",
        {},
        webhook.delivery ? statusMark({ status: webhook.status, attemptCount: 0 }) : mark("idle", "Not told"),
        h("span", {}, h("span", { class: "name" }, name), " ", webhook.delivery ? h("a", { href: `${place}/${e(webhook.delivery)}`, "aria-label": `Look at the delivery to ${name}` }, "Look at it") : null),
        why && webhook.status !== "DELIVERED" ? h("span", { class: "quiet small why" }, timed(why)) : null,
      );
    }),
  );
}

customElements.define("rh-run", RunView);
