/** What the problems of webhooks have in common: their host and the cause. */

import { html, nothing } from "lit";
import { api, query } from "../api/api.js";
import { session } from "../api/session.js";
import { runOnce } from "../components/delivery-actions.js";
import { grouped } from "../components/list.js";
import { verdictBadge } from "../components/status-badges.js";
import { attempt, toast } from "../components/view.js";
import { hostOf, pathOf } from "../components/webhook-actions.js";
import { t } from "../text/messages.js";
import { MAX_COUNTED, counted, isolated } from "../text/text.js";
import { clockTime } from "../text/time.js";

/**
 * The webhooks by host and cause, as `[key, webhooks]`.
 *
 * @param {Api["Webhook"][]} webhooks
 * @returns {[string, Api["Webhook"][]][]}
 */
export const byCause = webhooks =>
  grouped(webhooks, webhook => JSON.stringify([hostOf(webhook), webhook.health.cause, webhook.health.detail]));

/**
 * A cause that affects several webhooks, with the actions for all of them.
 *
 * @param {Api["Webhook"][]} webhooks
 * @param fix renders one of them
 * @param onDone is called when an action has changed them
 */
export function causeItem(webhooks, fix, onDone) {
  const [worst] = webhooks;
  const { cause, detail } = worst.health;
  const host = hostOf(worst);
  const paused = webhooks.filter(({ health }) => health.verdict === "PAUSED");
  const [since] = webhooks.map(({ health }) => health.since).filter(Boolean).sort();
  const waiting = total(webhooks.map(({ pendingDeliveries }) => pendingDeliveries));
  const failed = total(webhooks.map(({ failedDeliveries }) => failedDeliveries));
  const what = t.home.causes[cause]?.(detail && isolated(detail)) ?? t.home.otherCause;
  return html`
    <li class="card">
      <div class="actions">
        ${verdictBadge(worst)}
        <h2 class="lines2"><a href="#/receivers${query({ search: host })}">${host}</a> ${what}</h2>
        ${since ? html`<span class="quiet">${t.home.since(clockTime(since))}</span>` : nothing}
      </div>
      <div class="notice">
        <p>${t.home.affected(webhooks.length, waiting, failed)}</p>
        ${session.may("admin") && paused.length > 0
          ? html`<div class="actions">${actions(host, paused, onDone)}</div>`
          : nothing}
      </div>
      <details>
        <summary>${t.home.affectedWebhooks(webhooks.length)}</summary>
        <ol class="stackup">${webhooks.map(fix)}</ol>
      </details>
    </li>
  `;
}

/** The sum of counts, which are capped. */
const total = counts => counted(counts.reduce((sum, count) => sum + count, 0), counts.some(count => count >= MAX_COUNTED));

function actions(host, paused, onDone) {
  const button = (text, action, done) => html`
    <button
      type="button"
      class="small"
      aria-label="${text}: ${host}"
      @click=${event => runOnce(event.currentTarget, () => forEach(paused, action, done, onDone))}
    >${text}</button>
  `;
  return [
    button(t.home.resumeAll(paused.length), "resume", t.home.resumed),
    button(t.home.probeAll(paused.length), "ping", t.home.probed),
  ];
}

/** Requests an action of each webhook, one after another. Says how many were done, and why others were not. */
async function forEach(webhooks, action, done, onDone) {
  const problems = [];
  for (const webhook of webhooks) {
    await attempt(() => api.post(`${pathOf(webhook)}/${action}`), problem => problems.push(problem));
  }
  toast(done(webhooks.length - problems.length, problems.length, problems[0]?.message));
  await onDone();
}
