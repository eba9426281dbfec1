/** Badges for states and outcomes: a glyph, a word and a color. */

import { html, nothing } from "lit";
import { isolated, sentence } from "../text/text.js";
import { clockTime, relativeTime } from "../text/time.js";
import { t } from "../text/messages.js";

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
export const OPERATIONAL_KINDS = [
  "webhook_paused", "webhook_resumed", "webhook_disabled", "delivery_failed", "secret_rotated", "queue_lagging",
];
export const KINDS = ["run_state_changed", ...OPERATIONAL_KINDS, "ping", "test"];
export const OUTCOMES = [
  "DELIVERED", "REJECTED", "TIMEOUT", "CONNECTION_REFUSED", "CONNECTION_RESET", "DNS_FAILURE", "TLS_FAILURE",
  "BLOCKED_ADDRESS", "MALFORMED_RESPONSE", "INTERNAL_ERROR",
];
export const TYPES = ["TRACKED", "PROPOSED", "TASK", "TESTING", "DESTROY"];

export function badge(kind, text, title) {
  return html`<span class="badge ${kind}" data-glyph=${GLYPHS[kind]} title=${title ?? nothing}>${text}</span>`;
}

export const tag = text => html`<span class="tag" title=${text} dir="auto">${text}</span>`;

export const isTerminal = state => state in TERMINAL;

function stateKind(state) {
  return TERMINAL[state] ?? (WAITING.has(state) ? "warn" : "busy");
}

/** The name of a run state, a run type or an outcome in title case, as a user reads it. */
export function stateName(name) {
  const titled = word => (/^(DNS|TLS)$/.test(word) ? word : word[0].toUpperCase() + word.slice(1).toLowerCase());
  return name.split("_").map(titled).join(" ");
}

export const stateBadge = state => badge(stateKind(state), stateName(state), state);

/** The name of a kind of event. */
export const kindName = kind => t.delivery.kinds[kind] ?? stateName(kind);

/** @param {Pick<Api["Delivery"], "status" | "attemptCount"> & Partial<Api["Delivery"]>} delivery */
export function deliveryStatus({ status, attemptCount, nextAttemptAt }) {
  if (status === "DELIVERED") return ["good", t.texts.status.delivered];
  if (status === "FAILED") return ["bad", t.texts.status.failed];
  return attemptCount > 0 && nextAttemptAt ? ["warn", t.texts.status.retrying] : ["busy", t.texts.status.pending];
}

/** The mark of a webhook for a transition of a run: the status of the delivery, or "not sent". */
export function deliveryMark({ delivery, status }) {
  return delivery ? deliveryStatus({ status, attemptCount: 0 }) : ["idle", t.run.notSent];
}

export const deliveryBadge = delivery => badge(...deliveryStatus(delivery));

/** The HTTP status of the response, or why there was no response. */
export function outcomeText({ outcome, statusCode }) {
  return statusCode ? `HTTP ${statusCode}` : stateName(outcome);
}

export function outcomeBadge(attempt) {
  const isDelivered = attempt.outcome === "DELIVERED";
  const text = t.texts.status.ofAttempt(outcomeText(attempt), isDelivered);
  return badge(isDelivered ? "good" : "bad", text, attempt.outcome);
}

/** Whether a secret or the headers of a webhook cannot be decrypted, so that nothing is delivered. */
export const cannotDecrypt = ({ decryptionErrors: { length } }) => length > 0;

const decryptionErrors = webhook => webhook.decryptionErrors.map(sentence).join(" ");

/**
 * The health of a webhook.
 *
 * @param {Api["Webhook"]} webhook
 */
export function webhookBadge(webhook) {
  const { failedDeliveries } = webhook;
  const { state, lastError } = webhook.status;
  if (cannotDecrypt(webhook)) return badge("bad", t.texts.health.cannotDecrypt, decryptionErrors(webhook));
  if (state === "PAUSED") return badge("warn", t.texts.health.paused, lastError);
  if (state === "DISABLED") return badge("idle", t.texts.health.disabled, disabledBy(webhook));
  if (failedDeliveries > 0) return badge("bad", t.texts.health.failed(failedDeliveries), t.texts.health.recently);
  return isRetrying(webhook)
    ? badge("warn", t.texts.health.errorRate(errorRate(webhook)), t.texts.health.ofFirstAttempts)
    : badge("good", t.texts.health.active);
}

/** A webhook with at least this share of failed attempts is not healthy. */
const MAX_ERROR_RATE = 0.1;

/**
 * The share of recent deliveries whose first attempt failed.
 *
 * @param {Api["Webhook"]} webhook
 */
const errorRate = ({ firstAttempts: { total, failed } }) => (total === 0 ? 0 : failed / total);

/**
 * Whether many attempts of an active webhook fail and its pending deliveries will be retried.
 *
 * @param {Api["Webhook"]} webhook
 */
export function isRetrying(webhook) {
  const { status, pendingDeliveries, effective } = webhook;
  const mayRetry = status.state === "ACTIVE" && pendingDeliveries > 0 && effective.retrySchedule.length > 0;
  return mayRetry && errorRate(webhook) > MAX_ERROR_RATE;
}

/**
 * Describes why a webhook is not healthy and what happens next. Returns null for a healthy webhook.
 *
 * @param {Api["Webhook"]} webhook
 */
export function describeStatus(webhook) {
  const { state, since, lastError, nextProbeAt, consecutiveFailures } = webhook.status;
  if (cannotDecrypt(webhook)) return t.texts.health.nothingDelivered(decryptionErrors(webhook));
  if (state === "PAUSED") {
    const nextProbe = nextProbeAt && clockTime(nextProbeAt);
    return t.texts.health.pausedText(relativeTime(since), consecutiveFailures, lastError, nextProbe);
  }
  if (state === "DISABLED") return t.texts.health.disabledText(relativeTime(since), disabledBy(webhook));
  if (isRetrying(webhook)) return t.texts.health.failingText(errorRate(webhook));
  return webhook.formatError ? t.texts.health.notRendered(sentence(webhook.formatError)) : null;
}

/**
 * Returns whether a user, and not Runhook, disabled the webhook.
 *
 * @param {Api["Webhook"]} webhook
 */
export function isDisabledByUser({ status: { cause } }) {
  return cause === "USER";
}

/** @param {Api["Webhook"]} webhook */
function disabledBy({ status: { by } }) {
  return t.texts.health.by(by && isolated(by));
}

/**
 * The webhooks of a stack: a badge for each state that needs attention, and the number of the active ones. A failed
 * attempt alone is not a problem.
 */
export function webhookCountBadges({ total, paused, disabled }) {
  if (total === 0) return html`<span class="quiet">${t.texts.webhookCounts.none}</span>`;
  const active = total - paused - disabled;
  const texts = t.texts.webhookCounts;
  const words = [active > 0 ? texts.active(active) : "", disabled > 0 ? texts.disabled(disabled) : ""]
    .filter(Boolean)
    .join(", ");
  if (paused === 0) return badge(active > 0 ? "good" : "idle", words);
  return html`${badge("warn", texts.paused(paused))} <span class="quiet">${words}</span>`;
}

export const badges = items => html`<span class="badges">${items}</span>`;

export function resourceChanges(changes) {
  if (!changes) return html`<span class="quiet none">–</span>`;
  const { added, changed, deleted } = changes;
  const text = t.texts.changes(changes);
  return html`
    <span class="delta" title=${text} role="img" aria-label=${text}>
      <span class="plus">+${added}</span><span class="tilde">~${changed}</span><span class="minus">−${deleted}</span>
    </span>
  `;
}
