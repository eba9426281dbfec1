/** What the problems of webhooks have in common: their host and the cause. */

import { html, nothing } from "lit";
import { api, e, query } from "../api/api.js";
import { session } from "../api/session.js";
import { runOnce } from "../components/delivery/delivery-actions.js";
import { grouped } from "../components/list.js";
import { verdictBadges, webhookBadge } from "../components/status-badges.js";
import { attempt, toast } from "../components/view.js";
import { addressOf, canRetry, healthNotice, hostOf, nameOf, pathOf, reviewLink } from "../components/webhook-actions.js";
import { t } from "../text/messages.js";
import { MAX_COUNTED, counted, isolated } from "../text/text.js";
import { clockTime } from "../text/time.js";

const MAX_SHOWN = 20;

/** The bodies of the requests. */
const BODIES = { ping: {}, retry: {} };

/**
 * The webhooks by host and cause, as `[key, webhooks]`.
 *
 * @param {Api["Webhook"][]} webhooks
 * @returns {[string, Api["Webhook"][]][]}
 */
export const byCause = webhooks =>
  grouped(webhooks, webhook => JSON.stringify([hostOf(webhook), webhook.health.cause, webhook.health.detail]));

export const stackLink = ({ stack }) => html`<a href="#/stacks/${e(stack)}">${stack}</a>`;

/**
 * A webhook that does not work well.
 *
 * @param onChange is called with the changed webhook
 * @param heading renders its name
 */
export const webhookItem = (webhook, onChange, heading = name => html`<h2 class="lines2">${name}</h2>`) => html`
  <li class="card">
    <div class="actions">
      ${webhookBadge(webhook)}
      ${heading(html`<a href="${addressOf(webhook)}/deliveries" dir="auto">${nameOf(webhook)}</a>`)}
      <span class="quiet">${t.home.stack} ${stackLink(webhook)}</span>
      <a href="${addressOf(webhook)}/receiver" aria-label="${t.receiver.title}: ${nameOf(webhook)}">
        ${t.receiver.title}
      </a>
    </div>
    ${healthNotice(webhook, onChange)}
  </li>
`;

const subheading = name => html`<h3 class="lines2">${name}</h3>`;

/**
 * A cause that affects several webhooks, with the actions for all of them.
 *
 * @param {Api["Webhook"][]} webhooks
 * @param onChange is called with a changed webhook
 * @param onDone is called when an action has changed them
 */
export function causeItem(webhooks, onChange, onDone) {
  const [worst] = webhooks;
  const { cause, detail } = worst.health;
  const host = hostOf(worst);
  const receivers = `#/receivers${query({ search: host })}`;
  const [since] = webhooks.map(({ health }) => health.since).filter(Boolean).sort();
  const waiting = total(webhooks.map(({ pendingDeliveries }) => pendingDeliveries));
  const failed = total(webhooks.map(({ failedDeliveries }) => failedDeliveries));
  const what = t.home.causes[cause]?.(detail && isolated(detail)) ?? t.home.otherCause;
  return html`
    <li class="card">
      <div class="actions">
        ${verdictBadges(webhooks)}
        <h2 class="lines2"><a href=${receivers}>${host}</a> ${what}</h2>
        ${since ? html`<span class="quiet">${t.home.since(clockTime(since))}</span>` : nothing}
      </div>
      <div class="notice">
        <p>${t.home.affected(webhooks.length, waiting, failed)}</p>
        <div class="actions">
          ${session.may("admin") ? [actions(host, webhooks, onDone), reviewLink(webhooks, host)] : nothing}
        </div>
      </div>
      <details>
        <summary>${t.home.affectedWebhooks(webhooks.length)}</summary>
        <ol class="stackup">
          ${webhooks.slice(0, MAX_SHOWN).map(webhook => webhookItem(webhook, onChange, subheading))}
        </ol>
        ${webhooks.length > MAX_SHOWN
          ? html`<p class="more"><a href=${receivers}>${t.home.more(webhooks.length - MAX_SHOWN)}</a></p>`
          : nothing}
      </details>
    </li>
  `;
}

/** The sum of counts, which are capped. */
const total = counts => counted(counts.reduce((sum, count) => sum + count, 0), counts.some(count => count >= MAX_COUNTED));

/** The buttons for the webhooks that are paused, and for the others whose deliveries wait for a retry. */
function actions(host, webhooks, onDone) {
  const button = (text, all, action, done) => html`
    <button
      type="button"
      class="small"
      aria-label="${text(all.length)}: ${host}"
      @click=${event => runOnce(event.currentTarget, () => forEach(all, action, done, onDone))}
    >${text(all.length)}</button>
  `;
  const paused = webhooks.filter(({ health }) => health.verdict === "PAUSED");
  const retried = webhooks.filter(canRetry);
  return [
    paused.length > 0 ? button(t.home.resumeAll, paused, "resume", t.home.resumed) : nothing,
    paused.length > 0 ? button(t.home.probeAll, paused, "ping", t.home.probed) : nothing,
    retried.length > 0 ? button(t.home.retryAll, retried, "retry", t.home.retried) : nothing,
  ];
}

/** Requests an action of each webhook, one after another. Says how many were done, and why others were not. */
async function forEach(webhooks, action, done, onDone) {
  const problems = [];
  for (const webhook of webhooks) {
    await attempt(() => api.post(`${pathOf(webhook)}/${action}`, BODIES[action]), problem => problems.push(problem));
  }
  toast(done(webhooks.length - problems.length, problems.length, problems[0]?.message));
  await onDone();
}
