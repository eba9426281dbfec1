import { html, nothing } from "lit";
import { api, query } from "../../api/api.js";
import { deliveredShare, firstAttemptShare, sumOf } from "../../api/stats.js";
import { counted } from "../../text/text.js";
import { duration } from "../../text/time.js";
import { labeled, sheet } from "../../components/list.js";
import { emptyState, skeleton } from "../../components/view.js";
import { chart, endOf, interval } from "../../components/chart.js";
import { t } from "../../text/messages.js";
import { WebhookView } from "./webhook-layout.js";

/** The delivery statistics of a webhook. */
class HealthView extends WebhookView {
  tab = "health";

  get range() {
    return this.params.query.range === "day" ? "day" : "hour";
  }

  async begin() {
    await this.loadStats();
    this.every(15_000, () => this.loadStats());
  }

  async loadStats() {
    const { range } = this;
    const stats = await api.get(`${this.path}/stats${query({ window: range })}`, this.signal);
    if (range === this.range) this.set({ stats });
  }

  chooseRange(range) {
    this.chooseQuery({ range });
    this.guard(() => this.loadStats());
  }

  content(webhook) {
    const ranges = ["hour", "day"].map(range => html`
      <button
        type="button"
        class="small"
        aria-pressed=${String(range === this.range)}
        @click=${() => this.chooseRange(range)}
      >${t.health.ranges[range]}</button>
    `);
    return html`
      <div class="title">
        <h2>${t.health.title}</h2>
        <div class="actions" role="group" aria-label=${t.health.range}>${ranges}</div>
      </div>
      <div class="stackup">${this.stats ? this.charts(webhook, this.stats) : skeleton()}</div>
    `;
  }

  /** @param {Api["DeliveryStats"]} stats */
  charts(webhook, stats) {
    const count = name => counted(sumOf(stats, name), stats.truncated);
    const medians = stats.items.filter(item => item.p50Ms !== null);
    const latest = medians.at(-1);
    const peak = Math.max(...stats.items.map(item => item.p99Ms ?? 0));
    if (["delivered", "failed", "pending"].every(name => sumOf(stats, name) === 0)) return this.emptyState(webhook);
    const rows = [
      [t.health.series.delivered, count("delivered")],
      [t.health.series.failed, count("failed")],
      [t.health.series.pending, count("pending")],
      [t.health.rate, deliveredShare(stats) ?? "–"],
      [t.health.firstAttempt, firstAttemptShare(stats) ?? "–"],
      latest ? [t.health.medianOf(interval(latest, stats)), duration(latest.p50Ms)] : [t.health.median, "–"],
      [t.health.peak, medians.length ? duration(peak) : "–"],
    ];
    const per = stats.step === "PT1M" ? t.health.perMinute : t.health.perQuarter;
    const open = item => (location.hash = this.deliveriesOf(item));
    return html`
      <dl class="stats card">${rows.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>
      ${stats.truncated ? html`<p class="notice">${t.health.capped(per)}</p>` : nothing}
      <div class="grid2"><figure class="card">
        <h2>${t.health.countsTitle(per)}</h2>
        ${chart(stats, "counts", { select: open })}
        <p class="hint">${t.health.clickHint}</p>
      </figure>
      <figure class="card">
        <h2>${t.health.latencyTitle}</h2>
        ${medians.length ? chart(stats, "latency") : html`<p class="quiet">${t.health.nothingDelivered}</p>`}
      </figure></div>
      ${this.table(stats)}
    `;
  }

  /** The address of the deliveries that were created in an interval. */
  deliveriesOf(item) {
    const to = new Date(endOf(item, this.stats)).toISOString();
    return `${this.base}/deliveries${query({ from: item.start, to })}`;
  }

  /**
   * The same numbers for keyboard and screen reader users.
   *
   * @param {Api["DeliveryStats"]} stats
   */
  table(stats) {
    const { time, series } = t.health;
    const count = name => labeled(series[name], item => item[name].toLocaleString(), "num");
    const latency = (name, ms) => labeled(series[name], item => (item[ms] === null ? "–" : duration(item[ms])), "num");
    const columns = [
      [time, item => html`<a href=${this.deliveriesOf(item)}>${interval(item, stats)}</a>`, "whole"],
      ...["delivered", "failed", "pending"].map(count),
      latency("p50", "p50Ms"),
      latency("p99", "p99Ms"),
    ];
    const items = stats.items.filter(item => item.delivered + item.failed + item.pending > 0).toReversed();
    return html`
      <details>
        <summary>${t.health.table}</summary>
        ${sheet(columns, items)}
      </details>
    `;
  }

  emptyState(webhook) {
    const hint = webhook.enabled ? t.health.emptyHint : t.health.disabledHint;
    return emptyState(t.health.empty[this.range], html`<p>${hint}</p>`);
  }
}

customElements.define("rh-health", HealthView);
