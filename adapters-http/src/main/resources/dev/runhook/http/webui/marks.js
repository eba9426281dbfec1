import { h, plural, sentence } from "./dom.js";
import { when } from "./time.js";

/// States and outcomes as marks: a shape and a word in a colour.

const TERMINAL = { FINISHED: "good", FAILED: "bad", STOPPED: "idle", CANCELED: "idle", DISCARDED: "idle", SKIPPED: "idle" };
const WAITING = new Set(["UNCONFIRMED", "PENDING_REVIEW"]);
const GLYPHS = { good: "✓", bad: "✕", warn: "!", busy: "●", idle: "–" };

export const STATES = [
  "QUEUED", "READY", "PREPARING", "INITIALIZING", "PLANNING", "PENDING_REVIEW", "UNCONFIRMED", "REPLAN_REQUESTED",
  "PREPARING_REPLAN", "CONFIRMED", "PREPARING_APPLY", "APPLYING", "PERFORMING", "DESTROYING",
  "FINISHED", "FAILED", "STOPPED", "CANCELED", "DISCARDED", "SKIPPED",
];
export const TYPES = ["TRACKED", "PROPOSED", "TASK", "TESTING", "DESTROY"];

export function mark(kind, text, title) {
  return h("span", { class: `mark ${kind}`, "data-glyph": GLYPHS[kind], title }, text);
}

export function kindOfState(state) {
  return TERMINAL[state] ?? (WAITING.has(state) ? "warn" : "busy");
}

export const stateMark = state => mark(kindOfState(state), state);

export function statusMark(delivery) {
  const { status, attemptCount } = delivery;
  if (status === "DELIVERED") return mark("good", "Delivered");
  if (status === "FAILED") return mark("bad", "Failed");
  return attemptCount > 0 && delivery.nextAttemptAt ? mark("warn", "Retrying") : mark("busy", "Pending");
}

export function outcomeMark(attempt) {
  const words = attempt.outcome.toLowerCase().replaceAll("_", " ");
  const text = attempt.statusCode ? `${attempt.statusCode} ${words}` : words;
  return mark(attempt.outcome === "DELIVERED" ? "good" : "bad", text);
}

/// How a webhook does.
export function healthMark(webhook) {
  const { state, reason, consecutiveFailures } = webhook.status;
  if (webhook.decryptionError) return mark("bad", "Unreadable", webhook.decryptionError);
  if (state === "PAUSED") return mark("warn", "Paused", reason);
  if (state === "DISABLED") return mark("idle", "Disabled", reason);
  return consecutiveFailures > 0
    ? mark("bad", `Failing · ${consecutiveFailures}`, `${consecutiveFailures} attempts in a row failed`)
    : mark("good", "Active");
}

/// Why a webhook does not do well, and what comes of it, in words; null where it does.
export function standing(webhook) {
  const { decryptionError, status: { state, since, reason, consecutiveFailures } } = webhook;
  if (decryptionError) return ["Nothing is sent. ", decryptionError.split("; ").map(sentence).join(" ")];
  if (state === "PAUSED") {
    return ["Paused ", when(since), ` after ${plural(consecutiveFailures, "failed attempt")} in a row; the last: ${reason}. It is tried again now and then, and catches up when the receiver answers.`];
  }
  if (state === "DISABLED") {
    const why = isSwitchedOff(webhook) ? [` ${reason.slice("disabled ".length)} `, when(since)] : [" ", when(since), `: ${reason}`];
    return ["Disabled", why, ". Nothing is delivered until somebody switches it on."];
  }
  return consecutiveFailures > 0 ? [`Failing: ${plural(consecutiveFailures, "attempt")} in a row did not succeed. What failed is tried again.`] : null;
}

/// What somebody switched off is as somebody wants it.
export function isSwitchedOff({ status: { state, reason } }) {
  return state === "DISABLED" && reason.startsWith("disabled by ");
}

/// The same as a note, the louder the worse.
export function standingNote(webhook, size = "") {
  const words = standing(webhook);
  const kind = webhook.decryptionError ? "bad" : isSwitchedOff(webhook) ? "idle" : "";
  return words && h("p", { class: `notice ${kind} ${size}` }, words);
}

export function countMarks({ total, failing, paused, disabled }) {
  if (total === 0) return h("span", { class: "quiet" }, "no webhooks");
  const well = total - failing - paused - disabled;
  return h(
    "span",
    { class: "marks" },
    well ? mark("good", `${well} active`) : null,
    failing ? mark("bad", `${failing} failing`) : null,
    paused ? mark("warn", `${paused} paused`) : null,
    disabled ? mark("idle", `${disabled} disabled`) : null,
  );
}

export function delta(changes) {
  if (!changes) return h("span", { class: "quiet none" }, "–");
  const words = `${changes.added} added, ${changes.changed} changed, ${changes.deleted} deleted; ${changes.resources} resources`;
  return h(
    "span",
    { class: "delta", title: words, role: "img", "aria-label": words },
    h("span", { class: "plus" }, `+${changes.added}`),
    h("span", { class: "tilde" }, `~${changes.changed}`),
    h("span", { class: "minus" }, `−${changes.deleted}`),
  );
}
