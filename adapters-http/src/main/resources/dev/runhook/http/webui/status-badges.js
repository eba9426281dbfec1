import { h, plural, sentence } from "./dom.js";
import { relativeTime } from "./time.js";

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
export const TYPES = ["TRACKED", "PROPOSED", "TASK", "TESTING", "DESTROY"];

export function badge(kind, text, title) {
  return h("span", { class: `badge ${kind}`, "data-glyph": GLYPHS[kind], title }, text);
}

export function stateKind(state) {
  return TERMINAL[state] ?? (WAITING.has(state) ? "warn" : "busy");
}

export const stateBadge = state => badge(stateKind(state), state);

export function deliveryBadge(delivery) {
  const { status, attemptCount } = delivery;
  if (status === "DELIVERED") return badge("good", "Delivered");
  if (status === "FAILED") return badge("bad", "Failed");
  return attemptCount > 0 && delivery.nextAttemptAt ? badge("warn", "Retrying") : badge("busy", "Pending");
}

export function outcomeBadge(attempt) {
  const outcome = attempt.outcome.toLowerCase().replaceAll("_", " ");
  const text = attempt.statusCode ? `HTTP ${attempt.statusCode} ${outcome}` : outcome;
  return badge(attempt.outcome === "DELIVERED" ? "good" : "bad", text);
}

/// The health of a webhook.
export function webhookBadge(webhook) {
  const { state, reason, consecutiveFailures } = webhook.status;
  if (webhook.decryptionError) return badge("bad", "Cannot decrypt", webhook.decryptionError);
  if (state === "PAUSED") return badge("warn", "Paused", reason);
  if (state === "DISABLED") return badge("idle", "Disabled", reason);
  return consecutiveFailures > 0
    ? badge("bad", `Failing · ${consecutiveFailures}`, plural(consecutiveFailures, "consecutive failed attempt"))
    : badge("good", "Active");
}

/// Describes why a webhook is not healthy and what happens next. Returns null for a healthy webhook.
export function describeStatus(webhook) {
  const { decryptionError, status: { state, since, reason, consecutiveFailures } } = webhook;
  if (decryptionError) return ["Nothing is delivered. ", decryptionError.split("; ").map(sentence).join(" ")];
  if (state === "PAUSED") {
    const failures = plural(consecutiveFailures, "consecutive failure");
    return [
      "Paused ",
      relativeTime(since),
      ` after ${failures} (last: ${reason}). `,
      "Runhook probes the endpoint periodically and delivers the backlog once it responds.",
    ];
  }
  if (state === "DISABLED") {
    const cause = isDisabledByUser(webhook)
      ? [" ", relativeTime(since), ` ${reason.slice("disabled ".length)}`]
      : [" ", relativeTime(since), `: ${reason}`];
    return ["Disabled", cause, ". New events are not delivered while it is disabled."];
  }
  return consecutiveFailures > 0 ? [`${plural(consecutiveFailures, "consecutive attempt")} failed.`] : null;
}

/// Returns whether a user disabled the webhook, and not Runhook.
export function isDisabledByUser({ status: { state, reason } }) {
  return state === "DISABLED" && reason.startsWith("disabled by ");
}

/// The description as a notice, highlighted by severity.
export function statusNote(webhook, size = "") {
  const text = describeStatus(webhook);
  const kind = webhook.decryptionError ? "bad" : isDisabledByUser(webhook) ? "idle" : "";
  return text && h("p", { class: `notice ${kind} ${size}` }, text);
}

export function webhookCountBadges({ total, failing, paused, disabled }) {
  if (total === 0) return h("span", { class: "quiet" }, "no webhooks");
  const active = total - failing - paused - disabled;
  return h(
    "span",
    { class: "badges" },
    active ? badge("good", `${active} active`) : null,
    failing ? badge("bad", `${failing} failing`) : null,
    paused ? badge("warn", `${paused} paused`) : null,
    disabled ? badge("idle", `${disabled} disabled`) : null,
  );
}

export function resourceChanges(changes) {
  if (!changes) return h("span", { class: "quiet none" }, "–");
  const { added, changed, deleted, resources } = changes;
  const text = `${added} added, ${changed} changed, ${deleted} deleted, ${resources} in total`;
  return h(
    "span",
    { class: "delta", title: text, role: "img", "aria-label": text },
    h("span", { class: "plus" }, `+${added}`),
    h("span", { class: "tilde" }, `~${changed}`),
    h("span", { class: "minus" }, `−${deleted}`),
  );
}
