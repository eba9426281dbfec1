import { h } from "./dom.js";
import { api, query } from "./api.js";
import { duration } from "./time.js";
import { chart } from "./chart.js";
import { WebhookView } from "./webhook-frame.js";

/// How a webhook does: what became of its deliveries, and how long they took.
class HealthView extends WebhookView {
  tab = "health";

  async load() {
    if (!this.spans) {
      this.span = "hour";
      this.charts = h("div", { class: "stackup" });
      this.spans = h(
        "div",
        { class: "actions", role: "group", "aria-label": "Over which while" },
        ["hour", "day"].map(span => h("button", { type: "button", class: "small", "aria-pressed": String(span === this.span), onclick: event => this.choose(span, event.currentTarget) }, `Last ${span}`)),
      );
      this.place.replaceChildren(h("div", { class: "title" }, h("h2", {}, "What became of deliveries"), this.spans), this.charts);
      this.every(15_000, () => this.load());
    }
    const span = this.span;
    const figures = await api.get(`${this.path}/stats${query({ window: span })}`, this.signal);
    if (span === this.span) this.draw(figures);
  }

  choose(span, button) {
    this.span = span;
    this.spans.querySelectorAll("button").forEach(each => each.setAttribute("aria-pressed", String(each === button)));
    this.guard(() => this.load());
  }

  draw(figures) {
    const sum = name => figures.items.reduce((total, item) => total + item[name], 0);
    const finished = sum("delivered") + sum("failed");
    const medians = figures.items.filter(item => item.p50Ms !== null);
    const worst = Math.max(...figures.items.map(item => item.p99Ms ?? 0));
    const facts = [
      ["Delivered", String(sum("delivered"))],
      ["Failed", String(sum("failed"))],
      ["Pending", String(sum("pending"))],
      ["Success", finished ? `${((sum("delivered") / finished) * 100).toFixed(sum("failed") && sum("delivered") ? 1 : 0)} %` : "–"],
      ["p50, latest", medians.length ? duration(medians.at(-1).p50Ms) : "–"],
      ["p99, worst", medians.length ? duration(worst) : "–"],
    ];
    if (finished + sum("pending") === 0) {
      this.charts.replaceChildren(this.nothing());
      return;
    }
    const per = figures.step === "PT1M" ? "minute" : "quarter of an hour";
    this.charts.replaceChildren(
      h("dl", { class: "figures" }, facts.map(([name, value]) => h("div", {}, h("dt", {}, name), h("dd", {}, value)))),
      ...(figures.truncated ? [h("p", { class: "notice" }, "There are so many that not all of the peaks are counted.")] : []),
      h("figure", { class: "card" }, h("h2", {}, `Deliveries per ${per}, by outcome`), chart(figures, "counts")),
      h("figure", { class: "card" }, h("h2", {}, "From transition to delivery"), medians.length ? chart(figures, "latency") : h("p", { class: "quiet" }, "Nothing was delivered.")),
    );
  }

  nothing() {
    return h(
      "div",
      { class: "empty" },
      h("h2", {}, `No deliveries in the last ${this.span}`),
      h("p", {}, this.webhook.enabled ? "To see whether the receiver answers, send a ping from Deliveries." : "The webhook is disabled: nothing is sent until somebody switches it on."),
    );
  }
}

customElements.define("rh-health", HealthView);
