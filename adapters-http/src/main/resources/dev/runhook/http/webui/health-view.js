import { h } from "./dom.js";
import { api, query } from "./api.js";
import { duration } from "./time.js";
import { chart } from "./chart.js";
import { WebhookView } from "./webhook-layout.js";

/// The delivery statistics of a webhook.
class HealthView extends WebhookView {
  tab = "health";

  async load() {
    if (!this.ranges) {
      this.range = "hour";
      this.charts = h("div", { class: "stackup" });
      this.ranges = h(
        "div",
        { class: "actions", role: "group", "aria-label": "Time range" },
        ["hour", "day"].map(each =>
          h(
            "button",
            {
              type: "button",
              class: "small",
              "aria-pressed": String(each === this.range),
              onclick: event => this.choose(each, event.currentTarget),
            },
            `Last ${each}`,
          ),
        ),
      );
      const heading = h("div", { class: "title" }, h("h2", {}, "Delivery outcomes"), this.ranges);
      this.content.replaceChildren(heading, this.charts);
      this.every(15_000, () => this.load());
    }
    const { range } = this;
    const stats = await api.get(`${this.path}/stats${query({ window: range })}`, this.signal);
    if (range === this.range) this.draw(stats);
  }

  choose(range, button) {
    this.range = range;
    this.ranges.querySelectorAll("button").forEach(each => each.setAttribute("aria-pressed", String(each === button)));
    this.guard(() => this.load());
  }

  draw(stats) {
    const sum = name => stats.items.reduce((total, item) => total + item[name], 0);
    const finished = sum("delivered") + sum("failed");
    const rate = finished ? (sum("delivered") / finished) * 100 : null;
    const digits = sum("failed") && sum("delivered") ? 1 : 0;
    const medians = stats.items.filter(item => item.p50Ms !== null);
    const peak = Math.max(...stats.items.map(item => item.p99Ms ?? 0));
    const facts = [
      ["Delivered", String(sum("delivered"))],
      ["Failed", String(sum("failed"))],
      ["Pending", String(sum("pending"))],
      ["Success rate", rate === null ? "–" : `${rate.toFixed(digits)} %`],
      ["Current p50", medians.length ? duration(medians.at(-1).p50Ms) : "–"],
      ["Peak p99", medians.length ? duration(peak) : "–"],
    ];
    if (finished + sum("pending") === 0) {
      this.charts.replaceChildren(this.emptyState());
      return;
    }
    const per = stats.step === "PT1M" ? "minute" : "15 minutes";
    const latencies = medians.length ? chart(stats, "latency") : h("p", { class: "quiet" }, "No deliveries succeeded.");
    this.charts.replaceChildren(
      h("dl", { class: "stats" }, facts.map(([name, value]) => h("div", {}, h("dt", {}, name), h("dd", {}, value)))),
      ...(stats.truncated
        ? [h("p", { class: "notice" }, `Counts are capped at 50,000 per ${per}; totals are higher.`)]
        : []),
      h("figure", { class: "card" }, h("h2", {}, `Deliveries per ${per}`), chart(stats, "counts")),
      h("figure", { class: "card" }, h("h2", {}, "Delivery latency"), latencies),
    );
  }

  emptyState() {
    const hint = this.webhook.enabled
      ? "To test the receiver, send a test event from Deliveries."
      : "The webhook is disabled: nothing is delivered until it is enabled.";
    return h(
      "div",
      { class: "empty" },
      h("h2", {}, `No deliveries in the last ${this.range}`),
      h("p", {}, hint),
    );
  }
}

customElements.define("rh-health", HealthView);
