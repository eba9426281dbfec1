import { html, nothing } from "lit";
import { api, query } from "./api.js";
import { duration } from "./time.js";
import { emptyState, skeleton } from "./view.js";
import { chart } from "./chart.js";
import { WebhookView } from "./webhook-layout.js";

/// The delivery statistics of a webhook.
class HealthView extends WebhookView {
  tab = "health";
  range = "hour";

  async load() {
    await this.loadStats();
    this.every(15_000, () => this.loadStats());
  }

  async loadStats() {
    const { range } = this;
    const stats = await api.get(`${this.path}/stats${query({ window: range })}`, this.signal);
    if (range === this.range) this.set({ stats });
  }

  choose(range) {
    this.set({ range });
    this.guard(() => this.loadStats());
  }

  content(webhook) {
    const ranges = ["hour", "day"].map(range => html`
      <button
        type="button"
        class="small"
        aria-pressed=${String(range === this.range)}
        @click=${() => this.choose(range)}
      >Last ${range}</button>
    `);
    return html`
      <div class="title">
        <h2>Delivery outcomes</h2>
        <div class="actions" role="group" aria-label="Time range">${ranges}</div>
      </div>
      <div class="stackup">${this.stats ? this.charts(webhook, this.stats) : skeleton()}</div>
    `;
  }

  charts(webhook, stats) {
    const sum = name => stats.items.reduce((total, item) => total + item[name], 0);
    const finished = sum("delivered") + sum("failed");
    const rate = finished ? (sum("delivered") / finished) * 100 : null;
    const digits = sum("failed") && sum("delivered") ? 1 : 0;
    const medians = stats.items.filter(item => item.p50Ms !== null);
    const peak = Math.max(...stats.items.map(item => item.p99Ms ?? 0));
    if (finished + sum("pending") === 0) return this.emptyState(webhook);
    const count = name => sum(name).toLocaleString() + (stats.truncated ? "+" : "");
    const rows = [
      ["Delivered", count("delivered")],
      ["Failed", count("failed")],
      ["Pending", count("pending")],
      ["Success rate", rate === null ? "–" : `${rate.toFixed(digits)} %`],
      ["Current p50", medians.length ? duration(medians.at(-1).p50Ms) : "–"],
      ["Peak p99", medians.length ? duration(peak) : "–"],
    ];
    const per = stats.step === "PT1M" ? "minute" : "15 minutes";
    return html`
      <dl class="stats">${rows.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>
      ${stats.truncated
        ? html`<p class="notice">Counts are capped at 50,000 per ${per}; totals are higher.</p>`
        : nothing}
      <figure class="card"><h2>Deliveries per ${per}</h2>${chart(stats, "counts")}</figure>
      <figure class="card">
        <h2>Delivery latency</h2>
        ${medians.length ? chart(stats, "latency") : html`<p class="quiet">No deliveries succeeded.</p>`}
      </figure>
    `;
  }

  emptyState(webhook) {
    const hint = webhook.enabled
      ? "To test the receiver, send a test event from Deliveries."
      : "The webhook is disabled: nothing is delivered until it is enabled.";
    return emptyState(`No deliveries in the last ${this.range}`, html`<p>${hint}</p>`);
  }
}

customElements.define("rh-health", HealthView);
