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

export function badge(kind, text, title, glyph = GLYPHS[kind]) {
  return html`<span class="badge ${kind}" data-glyph=${glyph} title=${title ?? nothing}>${text}</span>`;
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

/** The color and the glyph of each phase of a delivery. */
const PHASES = {
  SENDING: ["busy", "●"],
  DUE: ["busy", "○"],
  RATE_LIMITED: ["busy", "◔"],
  RETRYING: ["warn", "↻"],
  WAITING_FOR_LANE: ["busy", "…"],
  PAUSED: ["warn", "‖"],
  DISABLED: ["idle", "⊘"],
  DELIVERED: ["good", "✓"],
  FAILED: ["bad", "✕"],
  CANCELED: ["idle", "⊘"],
};

/**
 * The color, the glyph and the word for what happens to a delivery.
 *
 * @param {Pick<Api["Delivery"], "phase"> & Partial<Pick<Api["Delivery"], "resentAs">>} delivery
 */
export function deliveryMark({ phase, resentAs }) {
  const [kind, glyph] = PHASES[phase];
  return resentAs?.status === "DELIVERED"
    ? { kind: "idle", glyph, text: t.texts.status.resent }
    : { kind, glyph, text: t.texts.status.phases[phase] };
}

/** The mark of a webhook for a transition of a run: that of the delivery, or "not sent". */
export function outcomeMark(outcome) {
  return outcome.delivery ? deliveryMark(outcome) : { kind: "idle", glyph: GLYPHS.idle, text: t.run.notSent };
}

export const markBadge = ({ kind, glyph, text }) => badge(kind, text, undefined, glyph);

export const deliveryBadge = delivery => markBadge(deliveryMark(delivery));

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

const VERDICTS = {
  HEALTHY: "good",
  DEGRADED: "warn",
  FAILING: "bad",
  PAUSED: "warn",
  DISABLED: "idle",
  IDLE: "idle",
};

/**
 * How well a webhook works, in a word.
 *
 * @param {Api["Webhook"]} webhook
 */
export function webhookBadge(webhook) {
  const { verdict, cause, detail } = webhook.health;
  const { causes, verdicts } = t.texts.health;
  const text = causes[cause]?.(webhook) ?? verdicts[verdict];
  return badge(VERDICTS[verdict], text, cause === "DISABLED_BY_USER" ? disabledBy(detail) : detail);
}

/** How well webhooks with the same problem work: their numbers by verdict, or the verdict of all of them. */
export function verdictBadges(webhooks) {
  const all = webhooks.map(({ health: { verdict } }) => verdict);
  const textOf = (verdict, { length }) =>
    length === all.length ? t.texts.health.verdicts[verdict] : t.texts.webhookCounts[verdict](length);
  return [...new Set(all)].map(verdict =>
    badge(VERDICTS[verdict], textOf(verdict, all.filter(each => each === verdict))));
}

/**
 * Describes why a webhook does not work well and what happens next. Returns null if it does.
 *
 * @param {Api["Webhook"]} webhook
 */
export function describeHealth(webhook) {
  const { health, status, firstAttempts, failedDeliveries } = webhook;
  const { verdict, cause, since, detail } = health;
  const { texts } = t;
  switch (cause) {
    case "UNDECRYPTABLE":
      return texts.health.nothingDelivered(decryptionErrors(webhook));
    case "ATTEMPTS_FAIL": {
      if (verdict !== "PAUSED") return texts.health.failingText(status.consecutiveFailures, relativeTime(since), detail);
      const nextProbe = status.nextProbeAt && clockTime(status.nextProbeAt);
      return texts.health.pausedText(relativeTime(since), status.consecutiveFailures, detail, nextProbe);
    }
    case "RETRIES_FAIL":
      return texts.health.retriesFail;
    case "DELIVERIES_WAIT":
      return texts.health.deliveriesWait;
    case "DELIVERIES_FAILED":
      return t.failures.recent(failedDeliveries);
    case "FIRST_ATTEMPTS_FAIL":
      return texts.health.firstAttemptsFail(firstAttempts);
    case "FORMAT_ERROR":
      return texts.health.notRendered(sentence(detail));
    case "DISABLED_BY_USER":
    case "DISABLED_BY_RECEIVER":
      return texts.health.disabledText(relativeTime(since), disabledBy(detail));
    default:
      return null;
  }
}

/**
 * Returns whether a user, and not Runhook, disabled the webhook.
 *
 * @param {Api["Webhook"]} webhook
 */
export const isDisabledByUser = ({ health }) => health.cause === "DISABLED_BY_USER";

const disabledBy = name => t.texts.health.by(name && isolated(name));

/**
 * The webhooks of a stack: a badge for those that do not work, and the numbers of the others.
 *
 * @param {Api["HealthOfWebhooks"]} health
 */
export function webhookCountBadges({ webhooks, verdict, verdicts }) {
  const texts = t.texts.webhookCounts;
  if (webhooks === 0) return html`<span class="quiet">${texts.none}</span>`;
  const all = Object.entries(verdicts).filter(([, count]) => count > 0);
  const isProblem = verdict => ["bad", "warn"].includes(VERDICTS[verdict]);
  const problems = all.filter(([each]) => isProblem(each));
  const others = all.filter(([each]) => !isProblem(each));
  const words = others.map(([each, count]) => texts[each](count)).join(", ");
  if (problems.length === 0) return badge(VERDICTS[verdict], words);
  return html`
    ${problems.map(([each, count]) => badge(VERDICTS[each], texts[each](count)))} <span class="quiet">${words}</span>
  `;
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
