/** The cells of lists of webhooks. The server works out what they show. */

import { html } from "lit";
import { t } from "../../text/messages.js";
import { percentage } from "../../text/text.js";
import { relativeTime } from "../../text/time.js";

/**
 * When the last attempt was, and its result.
 *
 * @param {Api["Webhook"]} webhook
 */
export function lastAttempt(webhook) {
  const latest = lastAttemptAt(webhook);
  if (!latest) return t.never;
  const result = latest === webhook.lastFailureAt ? t.integrations.failed : t.integrations.delivered;
  return html`${relativeTime(latest)} <span class="two">${result}</span>`;
}

export const lastAttemptAt = ({ lastSuccessAt, lastFailureAt }) =>
  [lastSuccessAt, lastFailureAt].filter(Boolean).sort().at(-1) ?? null;

/** What a cell shows if there is no figure. Cards leave it out. */
export const NONE = html`<span class="none">–</span>`;

/** A share of the recent deliveries. */
export const share = (part, total) => (total === 0 ? NONE : percentage(part, total));
