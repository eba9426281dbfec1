import { html, nothing } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { api, e, fetchPages, query } from "../api/api.js";
import { View, emptyState, sheet, skeleton, title } from "../components/view.js";
import { curlExample } from "../components/clipboard.js";
import { t } from "../text/messages.js";
import { cannotDecrypt, isDisabledByUser, isRetrying, stateBadge, webhookBadge } from "../components/status-badges.js";
import { MAX_COUNTED, counted } from "../text/text.js";
import { relativeTime } from "../text/time.js";
import { addressOf, nameOf, statusNotice } from "../components/webhook-actions.js";

const MAX_PAGES = 10;
const MAX_PROBLEMS = 5;
const MAX_RUNS = 8;

/** Whether all webhooks of the account are healthy, or which to fix, the most urgent first, and the latest runs. */
class HomeView extends View {
  revision = 0;
  isExpanded = false;

  start() {
    this.poll(5000, () => this.load());
  }

  async load() {
    const { revision } = this;
    const [{ items: webhooks, next }, runs] = await Promise.all([
      fetchPages("/webhooks", {}, MAX_PAGES, this.signal),
      api.get(`/runs${query({ limit: MAX_RUNS })}`, this.signal),
    ]);
    if (revision !== this.revision) return; // the user has changed a webhook since
    const isEmpty = webhooks.length === 0 && runs.items.length === 0;
    const hasStacks = !isEmpty || (await api.get("/stacks?limit=1", this.signal)).items.length > 0;
    this.set({ webhooks, runs: runs.items, isEmpty, hasStacks, hasMore: next !== null });
  }

  change(updated) {
    this.revision++;
    this.set({ webhooks: this.webhooks.map(each => (each.id === updated.id ? { ...each, ...updated } : each)) });
  }

  /** The webhooks that need attention, the most urgent first. */
  get problems() {
    return this.webhooks
      .filter(webhook => urgencyOf(webhook) > 0)
      .sort((one, other) => urgencyOf(other) - urgencyOf(one));
  }

  render() {
    const [heading, content] = this.summary();
    return html`${title(heading)}<div class="stackup">${content}</div>`;
  }

  /** The heading and the content. */
  summary() {
    if (!this.webhooks) return [t.nav.home, skeleton(6)];
    if (this.isEmpty) return [t.nav.home, this.emptyState()];
    const { problems } = this;
    return [
      problems.length === 0
        ? t.home.healthy(this.webhooks.length, this.hasMore)
        : t.home.attention(problems.length, this.hasMore),
      html`
        ${problems.length === 0 ? this.healthy() : this.fixes(problems)}
        ${this.figures()}
        ${this.runs.length ? latestRuns(this.runs) : nothing}
      `,
    ];
  }

  healthy() {
    return html`
      <p class="card healthy">
        <span class="tick" aria-hidden="true">✓</span>
        <span>${this.webhooks.length ? t.home.healthyText : t.home.noWebhooksText}</span>
      </p>
    `;
  }

  fixes(problems) {
    const shown = this.isExpanded ? problems : problems.slice(0, MAX_PROBLEMS);
    return html`
      <ol class="fixes stackup">${repeat(shown, each => each.id, webhook => this.fix(webhook))}</ol>
      ${problems.length > shown.length
        ? html`
            <button type="button" @click=${() => this.set({ isExpanded: true })}>
              ${t.home.more(problems.length - shown.length)}
            </button>
          `
        : nothing}
    `;
  }

  fix(webhook) {
    return html`
      <li class="card">
        <div class="actions">
          ${webhookBadge(webhook)}
          <h2 class="lines2"><a href="${addressOf(webhook)}/deliveries" dir="auto">${nameOf(webhook)}</a></h2>
          <span class="quiet">${t.home.stack} <a href="#/stacks/${e(webhook.stack)}">${webhook.stack}</a></span>
        </div>
        ${statusNotice(webhook, updated => this.change(updated))}
      </li>
    `;
  }

  figures() {
    const active = this.webhooks.filter(webhook => webhook.status.state === "ACTIVE").length;
    const disabled = this.webhooks.filter(webhook => webhook.status.state === "DISABLED").length;
    const pending = this.webhooks.reduce((sum, webhook) => sum + webhook.pendingDeliveries, 0);
    const isCapped = this.hasMore || this.webhooks.some(webhook => webhook.pendingDeliveries >= MAX_COUNTED);
    return html`
      <dl class="stats">
        ${[
          [t.home.active, counted(active, this.hasMore)],
          [t.home.disabled, counted(disabled, this.hasMore)],
          [t.home.pending, counted(pending, isCapped)],
        ].map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}
      </dl>
    `;
  }

  emptyState() {
    if (this.hasStacks) return emptyState(t.home.noWebhooks, html`<p>${t.home.noWebhooksText} ${allStacks()}</p>`);
    return emptyState(
      t.home.noStacks,
      html`<p>${t.home.noStacksText}</p>`,
      curlExample("PUT", "/stacks/demo", { name: "Demo" }),
    );
  }
}

const allStacks = () => html`<a href="#/stacks">${t.home.allStacks}</a>`;

/**
 * 0 for a webhook that is healthy or that a user has disabled.
 *
 * @param {Api["Webhook"]} webhook
 */
function urgencyOf(webhook) {
  const { state } = webhook.status;
  if (cannotDecrypt(webhook)) return 5;
  if (state === "PAUSED") return 4;
  if (state === "DISABLED") return isDisabledByUser(webhook) ? 0 : 3;
  if (webhook.failedDeliveries > 0) return 2;
  return isRetrying(webhook) ? 1 : 0;
}

function latestRuns(runs) {
  return html`
    <section aria-labelledby="latest-runs">
      <div class="title"><h2 id="latest-runs">${t.home.latestRuns}</h2>${allStacks()}</div>
      ${sheet(
        t.home.heads,
        runs.map(run => html`
          <tr>
            <td class="wide">
              <a class="name rowlink" href="#/stacks/${e(run.stack)}/runs/${e(run.id)}">${run.id}</a>
            </td>
            <td>${stateBadge(run.state)}</td>
            <td class="wide"><a href="#/stacks/${e(run.stack)}">${run.stack}</a></td>
            <td>${relativeTime(run.createdAt)}</td>
          </tr>
        `),
      )}
    </section>
  `;
}

customElements.define("rh-home", HomeView);
