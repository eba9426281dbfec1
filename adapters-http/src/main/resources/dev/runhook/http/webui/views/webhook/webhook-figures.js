/** The cells of lists of webhooks. The server works out what they show. */

import { html, nothing } from "lit";
import { t } from "../../text/messages.js";
import { counted, percentage } from "../../text/text.js";
import { relativeTime } from "../../text/time.js";

/**
 * When the last attempt was, and its result.
 *
 * @param {Api["Webhook"]} webhook
 */
export function lastAttempt(webhook) {
  const { lastResult } = webhook.health;
  if (!lastResult) return t.never;
  const result = lastResult.delivered ? t.integrations.delivered : t.integrations.failed;
  return html`${relativeTime(lastResult.at)} <span class="two">${result}</span>`;
}

/** @param {Api["Webhook"]} webhook */
export const lastAttemptAt = ({ health }) => health.lastResult?.at ?? null;

/** How many deliveries wait, and since when. */
export const pending = ({ pendingDeliveries, health: { oldestPendingAt } }) => html`
  ${counted(pendingDeliveries)}
  ${oldestPendingAt ? html`<span class="two">${t.integrations.oldest(relativeTime(oldestPendingAt))}</span>` : nothing}
`;

const HEIGHT = 20;

/**
 * The deliveries of the last 24 hours as bars, one for each half-hour, with those that failed on top.
 *
 * @param {Api["Webhook"]} webhook
 */
export function sparkline({ health: { trend } }) {
  const { delivered, failed } = trend;
  const highest = Math.max(...delivered.map((count, i) => count + failed[i]));
  if (highest === 0) return NONE;
  const scaled = count => (count === 0 ? 0 : Math.max(1, (count / highest) * HEIGHT));
  const bars = (counts, below) => counts
    .map((count, i) => (count ? `M${2 * i + 1} ${HEIGHT - scaled(below[i])}v-${scaled(count).toFixed(1)}` : ""))
    .join("");
  const text = t.receivers.trend(sum(delivered), sum(failed));
  return html`
    <svg class="spark" viewBox="0 -1 96 21" preserveAspectRatio="none" role="img" aria-label=${text}>
      <title>${text}</title>
      <path d=${bars(delivered, delivered.map(() => 0))}></path>
      <path class="bad" d=${bars(failed, delivered)}></path>
    </svg>
  `;
}

const sum = counts => counts.reduce((one, other) => one + other, 0);

/** What a cell shows if there is no figure. Cards leave it out. */
export const NONE = html`<span class="none">–</span>`;

/** A share of the recent deliveries. */
export const share = (part, total) => (total === 0 ? NONE : percentage(part, total));
