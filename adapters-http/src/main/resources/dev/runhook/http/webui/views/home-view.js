import { html, nothing } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { api, query } from "../api/api.js";
import { session } from "../api/session.js";
import { ListView, sheet } from "../components/list.js";
import { askSender } from "../components/sender.js";
import { emptyState, skeleton, title } from "../components/view.js";
import { runAddress } from "../components/run-link.js";
import { byCause, causeItem, stackLink, webhookItem } from "./causes.js";
import { curlExample } from "../components/clipboard.js";
import { t } from "../text/messages.js";
import { stateBadge } from "../components/status-badges.js";
import { duration, relativeTime } from "../text/time.js";
import { editByKey } from "../components/webhook-actions.js";

const MAX_PROBLEMS = 5;
const MAX_RUNS = 8;

/** Whether all webhooks of the account are healthy, or which to fix, the most urgent first, and the latest runs. */
class HomeView extends ListView {
  interval = 5000;
  isExpanded = false;

  start() {
    super.start();
    editByKey(this);
    import("./webhook/webhook-figures.js").then(({ sparkline }) => this.set({ sparkline }));
  }

  async receive() {
    const [{ health, needingAttention: items }, runs, sender] = await Promise.all([
      api.get("/summary", this.signal),
      api.get(`/runs${query({ limit: MAX_RUNS })}`, this.signal),
      askSender(this.signal),
    ]);
    const isEmpty = health.webhooks === 0 && runs.items.length === 0;
    const isUsed = health.lastResult !== null;
    const first = async path => (isUsed ? null : ((await api.get(`${path}?limit=1`, this.signal)).items[0] ?? null));
    const [stack, webhook] = await Promise.all([first("/stacks"), first("/webhooks")]);
    const page = { items, next: null };
    return {
      health,
      page,
      runs: [...runs.items], // another array each time, as getting started expects it
      isAlive: sender.alive,
      isEmpty,
      isUsed,
      stack: stack?.id ?? null,
      webhook,
    };
  }

  /** The webhooks that need attention, the most urgent first. One that the user has just resumed does not. */
  get problems() {
    return this.page.items.filter(({ health }) => health.needsAttention);
  }

  render() {
    const [heading, content] = this.summary();
    return html`${title(heading, this.health?.webhooks > 0 ? comparisons() : nothing)}<div class="stackup">${content}</div>`;
  }

  /** The heading and the content. */
  summary() {
    if (!this.page) return [t.nav.home, skeleton(6)];
    if (this.isEmpty && !session.may("admin")) return [t.nav.home, this.emptyState()];
    const { problems } = this;
    const isHealthy = this.isAlive && !this.health.needsAttention;
    if (isHealthy && !this.isUsed && session.may("admin")) return [t.nav.home, this.gettingStarted()];
    return [
      this.heading(),
      html`
        ${this.figures()}
        ${isHealthy ? this.healthy() : this.fixes(problems)}
        ${this.runs.length ? latestRuns(this.runs) : nothing}
      `,
    ];
  }

  heading() {
    if (!this.isAlive) return t.home.stalled;
    const { needingAttention } = this.health;
    return needingAttention === 0 ? t.home.healthy : t.home.attention(needingAttention);
  }

  healthy() {
    return html`
      <p class="card healthy">
        <span class="tick" aria-hidden="true">✓</span>
        <span>${this.health.webhooks ? t.home.healthyText : t.home.noWebhooksText}</span>
      </p>
    `;
  }

  /** The causes of the problems. One that affects a single webhook is shown as that webhook. */
  fixes(problems) {
    const causes = byCause(problems);
    const shown = this.isExpanded ? causes : causes.slice(0, MAX_PROBLEMS);
    const onChange = updated => this.change(updated);
    const item = ([, webhooks]) =>
      webhooks.length > 1
        ? causeItem(webhooks, onChange, () => this.reload())
        : webhookItem(webhooks[0], onChange);
    return html`
      <ol class="fixes stackup">${repeat(shown, ([key]) => key, item)}</ol>
      ${causes.length > shown.length
        ? html`
            <button type="button" @click=${() => this.set({ isExpanded: true })}>
              ${t.home.more(causes.length - shown.length)}
            </button>
          `
        : nothing}
    `;
  }

  figures() {
    const { webhooks, verdicts, pendingDeliveries, oldestPendingAt, recent: { p99Ms } } = this.health;
    return html`
      <dl class="stats card">
        ${[
          [t.home.webhooks, webhooks.toLocaleString()],
          [t.home.disabled, verdicts.DISABLED.toLocaleString()],
          [t.home.pending, pendingDeliveries.toLocaleString()],
          ...(oldestPendingAt ? [[t.home.oldest, relativeTime(oldestPendingAt)]] : []),
          ...(p99Ms === null ? [] : [[t.home.slowest, html`<a href="#/receivers?sort=p99">${duration(p99Ms)}</a>`]]),
          [t.home.trend, this.sparkline?.(this) ?? nothing],
        ].map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}
      </dl>
    `;
  }

  /** What is missing before the first delivery, instead of figures that are all zero. */
  gettingStarted() {
    import("./getting-started.js");
    const { stack, runs, webhook } = this;
    return html`
      <rh-getting-started .stack=${stack} .runs=${runs} .webhook=${webhook}></rh-getting-started>
      ${runs.length ? latestRuns(runs) : nothing}
    `;
  }

  emptyState() {
    if (this.stack) return emptyState(t.home.noWebhooks, html`<p>${t.home.noWebhooksText} ${allStacks()}</p>`);
    return emptyState(
      t.home.noStacks,
      html`<p>${t.home.noStacksText}</p>`,
      curlExample("PUT", "/stacks/demo", { name: "Demo" }),
    );
  }
}

const comparisons = () => html`
  <a href="#/receivers">${t.receivers.compare}</a> <a href="#/receivers?sort=p99">${t.receivers.slow}</a>
`;

const allStacks = () => html`<a href="#/stacks">${t.home.allStacks}</a>`;

const runLink = ({ stack, id }) => html`<a class="name rowlink" href=${runAddress(stack, id)}>${id}</a>`;

const [runHead, stateHead, stackHead, startedHead] = t.home.heads;
const RUN_COLUMNS = [
  [runHead, runLink, "wide"],
  [stateHead, ({ state }) => stateBadge(state)],
  [stackHead, stackLink, "wide"],
  [startedHead, ({ createdAt }) => relativeTime(createdAt)],
];

function latestRuns(runs) {
  return html`
    <section aria-labelledby="latest-runs">
      <div class="title"><h2 id="latest-runs">${t.home.latestRuns}</h2>${allStacks()}</div>
      ${sheet(RUN_COLUMNS, runs)}
    </section>
  `;
}

customElements.define("rh-home", HomeView);
