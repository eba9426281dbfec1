import { html, nothing } from "lit";
import { counted, plural, sentence } from "./text.js";
import { relativeTime } from "./time.js";
import { t } from "./messages.js";

/// Badges for states and outcomes: a glyph, a word and a color.

const TERMINAL = {
  FINISHED: "good",
  FAILED: "bad",
  STOPPED: "idle",
  CANCELED: "idle",
  DISCARDED: "idle",
  SKIPPED: "idle",
};
const WAITING = new Set(["UNCONFIRMED", "PENDING_REVIEW"]);
const GLYPHS = { good: "✓", bad: "✕", warn: "!", busy: "●", idle: "–" };

export const STATES = [
  "QUEUED", "READY", "PREPARING", "INITIALIZING", "PLANNING", "PENDING_REVIEW", "UNCONFIRMED", "REPLAN_REQUESTED",
  "PREPARING_REPLAN", "CONFIRMED", "PREPARING_APPLY", "APPLYING", "PERFORMING", "DESTROYING",
  "FINISHED", "FAILED", "STOPPED", "CANCELED", "DISCARDED", "SKIPPED",
];
export const OUTCOMES = [
  "DELIVERED", "REJECTED", "TIMEOUT", "CONNECTION_REFUSED", "CONNECTION_RESET", "DNS_FAILURE", "TLS_FAILURE",
  "BLOCKED_ADDRESS", "MALFORMED_RESPONSE", "INTERNAL_ERROR",
];
export const TYPES = ["TRACKED", "PROPOSED", "TASK", "TESTING", "DESTROY"];

export function badge(kind, text, title) {
  return html`<span class="badge ${kind}" data-glyph=${GLYPHS[kind]} title=${title ?? nothing}>${text}</span>`;
}

export const tag = text => html`<span class="tag" title=${text}>${text}</span>`;

function stateKind(state) {
  return TERMINAL[state] ?? (WAITING.has(state) ? "warn" : "busy");
}

/// The name of a run state, a run type or an outcome, as a user reads it.
export function stateName(name) {
  const text = name.toLowerCase().replaceAll("_", " ").replace(/^(dns|tls) /, acronym => acronym.toUpperCase());
  return text.charAt(0).toUpperCase() + text.slice(1);
}

export const stateBadge = state => badge(stateKind(state), stateName(state), state);

/** @param {Pick<Api["Delivery"], "status" | "attemptCount"> & Partial<Api["Delivery"]>} delivery */
export function deliveryStatus({ status, attemptCount, nextAttemptAt }) {
  if (status === "DELIVERED") return ["good", "Delivered"];
  if (status === "FAILED") return ["bad", "Failed"];
  return attemptCount > 0 && nextAttemptAt ? ["warn", "Retrying"] : ["busy", "Pending"];
}

/// The mark of a webhook for a transition of a run: the status of the delivery, or that there is none.
export function deliveryMark({ delivery, status }) {
  return delivery ? deliveryStatus({ status, attemptCount: 0 }) : ["idle", t.run.notSent];
}

export const deliveryBadge = delivery => badge(...deliveryStatus(delivery));

/// The HTTP status of the response, or why there is none.
export function outcomeText({ outcome, statusCode }) {
  return statusCode ? `HTTP ${statusCode}` : stateName(outcome);
}

export function outcomeBadge(attempt) {
  const isDelivered = attempt.outcome === "DELIVERED";
  const text = outcomeText(attempt) + (isDelivered ? " delivered" : "");
  return badge(isDelivered ? "good" : "bad", text, attempt.outcome);
}

/// The health of a webhook.
/** @param {Api["Webhook"]} webhook */
export function webhookBadge(webhook) {
  const { failedDeliveries } = webhook;
  const { state, lastError, consecutiveFailures } = webhook.status;
  if (webhook.decryptionError) return badge("bad", "Cannot decrypt", webhook.decryptionError);
  if (state === "PAUSED") return badge("warn", "Paused", lastError);
  if (state === "DISABLED") return badge("idle", "Disabled", disabledBy(webhook));
  if (failedDeliveries > 0) return badge("bad", `${counted(failedDeliveries)} failed`, "in the last 24 hours");
  return consecutiveFailures > 0
    ? badge("warn", "Last attempt failed", plural(consecutiveFailures, "consecutive failed attempt"))
    : badge("good", "Active");
}

/// Describes why a webhook is not healthy and what happens next. Returns null for a healthy webhook.
/** @param {Api["Webhook"]} webhook */
export function describeStatus(webhook) {
  const { decryptionError, status: { state, since, lastError, consecutiveFailures } } = webhook;
  if (decryptionError) return ["Nothing is delivered. ", decryptionError.split("; ").map(sentence).join(" ")];
  if (state === "PAUSED") {
    const failures = plural(consecutiveFailures, "consecutive failure");
    return [
      "Paused ",
      relativeTime(since),
      ` after ${failures} (last: ${lastError}). `,
      "Runhook probes the endpoint periodically and delivers the backlog once it responds.",
    ];
  }
  if (state === "DISABLED") {
    const by = ` ${disabledBy(webhook)}. New events are not delivered while it is disabled.`;
    return ["Disabled ", relativeTime(since), by];
  }
  return consecutiveFailures > 0 ? [`${plural(consecutiveFailures, "consecutive attempt")} failed.`] : null;
}

/// Returns whether a user disabled the webhook, and not Runhook.
/** @param {Api["Webhook"]} webhook */
export function isDisabledByUser({ status: { cause } }) {
  return cause === "USER";
}

/** @param {Api["Webhook"]} webhook */
function disabledBy({ status: { by } }) {
  return by ? `by ${by}` : "because the receiver responded with 410 Gone";
}

/// The webhooks of a stack: a badge for each kind of problem, or one that says that there is none.
export function webhookCountBadges({ total, failing, paused, disabled }) {
  if (total === 0) return html`<span class="quiet">no webhooks</span>`;
  const active = total - failing - paused - disabled;
  const problems = [["bad", failing, "failing"], ["warn", paused, "paused"]].filter(([, count]) => count > 0);
  const others = [[active, "active"], [disabled, "disabled"]].filter(([count]) => count > 0);
  const words = others.map(([count, name]) => `${count} ${name}`).join(", ");
  if (problems.length === 0) return badge(active > 0 ? "good" : "idle", words);
  return html`
    ${badges(problems.map(([kind, count, name]) => badge(kind, `${count} ${name}`)))}
    <span class="quiet">${words}</span>
  `;
}

export const badges = items => html`<span class="badges">${items}</span>`;

export function resourceChanges(changes) {
  if (!changes) return html`<span class="quiet none">–</span>`;
  const { added, changed, deleted, resources } = changes;
  const text = `${added} added, ${changed} changed, ${deleted} deleted, ${resources} in total`;
  return html`
    <span class="delta" title=${text} role="img" aria-label=${text}>
      <span class="plus">+${added}</span><span class="tilde">~${changed}</span><span class="minus">−${deleted}</span>
    </span>
  `;
}
