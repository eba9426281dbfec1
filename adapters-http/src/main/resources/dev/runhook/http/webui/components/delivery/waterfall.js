import { html, nothing, svg } from "lit";
import { api, query } from "../../api/api.js";
import { now } from "../../api/clock.js";
import { session } from "../../api/session.js";
import { t } from "../../text/messages.js";
import { clockTime, duration } from "../../text/time.js";
import { outcomeText } from "../status-badges.js";
import { View } from "../view.js";

/** The waits that an explanation names, by its codes. */
const WAITS = {
  WAITED_LANE: "lane",
  WAITED_PAUSED: "paused",
  WAITED_DISABLED: "disabled",
  PAUSED: "paused",
  DISABLED: "disabled",
  DISABLED_BY_RECEIVER: "disabled",
};
const CHANGES = [
  "WEBHOOK_UPDATED", "WEBHOOK_ENABLED", "WEBHOOK_DISABLED", "WEBHOOK_DELETED", "SECRET_ROTATED",
  "PREVIOUS_SECRET_REVOKED",
];
/** The narrowest bar that is seen, in percent. */
const MIN_WIDTH = 0.8;

/**
 * The waits and the attempts of a delivery as bars on one line of time, and for admins the changes of its webhook in
 * between as marks.
 *
 * Properties: `delivery`; `attempts`, those that are known.
 */
class Waterfall extends View {
  static properties = { delivery: { attribute: false }, attempts: { attribute: false } };
  interval = 15_000;
  changes = [];

  async receive() {
    if (!session.may("admin")) return {};
    const { webhook, createdAt } = this.delivery;
    const to = new Date(endOf(this.delivery, this.attempts)).toISOString();
    const path = `/audit${query({ resource: webhook, from: createdAt, to, limit: 50 })}`;
    const { items } = await api.get(path, this.signal);
    return { changes: items.filter(({ action }) => CHANGES.includes(action)) };
  }

  /** The rest of the delivery is shown without the changes. */
  showError() {}

  render() {
    const { delivery, attempts } = this;
    const start = Date.parse(delivery.createdAt);
    const end = endOf(delivery, attempts);
    const marks = this.changes.map(({ action, actor, occurredAt }) => ({
      kind: "change",
      from: Date.parse(occurredAt),
      text: html`${t.audit.actions[action]} <bdi class="quiet">${actor}</bdi>`,
    }));
    const rows = [...segments(delivery, attempts), ...marks].sort((one, other) => one.from - other.from);
    if (rows.length === 0) return nothing;
    const percent = time => (100 * (time - start)) / Math.max(1, end - start);
    const row = ({ kind, from, to = from, text }) => {
      const width = Math.max(MIN_WIDTH, percent(to) - percent(from));
      const bar = svg`<rect x=${Math.min(percent(from), 100 - width)} width=${width} height="1"></rect>`;
      return html`
        <li class=${kind}>
          <span>${text}</span>
          <svg viewBox="0 0 100 1" preserveAspectRatio="none" aria-hidden="true">${bar}</svg>
          <span class="quiet small">
            ${to > from || kind !== "change" ? duration(to - from) : clockTime(new Date(from).toISOString())}
          </span>
        </li>
      `;
    };
    return html`
      <section class="card" aria-labelledby="waterfall">
        <h2 id="waterfall">${t.waterfall.title(duration(end - start))}</h2>
        <ol class="waterfall">${rows.map(row)}</ol>
      </section>
    `;
  }
}

customElements.define("rh-waterfall", Waterfall);

/** The end of the last attempt, or now if the delivery is not finished. */
function endOf({ status, createdAt, deliveredAt }, attempts) {
  if (status === "PENDING") return now();
  const last = attempts.at(-1);
  const end = last ? Date.parse(last.startedAt) + last.durationMs : Date.parse(createdAt);
  return Math.max(end, deliveredAt ? Date.parse(deliveredAt) : 0);
}

/** What filled the time of a delivery, as `{kind, from, to, text}`, by what the API says about it. */
export function segments(delivery, attempts) {
  const start = Date.parse(delivery.createdAt);
  const end = endOf(delivery, attempts);
  const waits = delivery.explanation
    .filter(({ code }) => code in WAITS)
    .map(({ code, params: { since, until } }) => ({
      kind: WAITS[code],
      from: Math.max(start, since ? Date.parse(since) : start),
      to: until ? Date.parse(until) : end,
      text: t.waterfall.waits[WAITS[code]],
    }));
  const tries = attempts.map(attempt => ({
    kind: attempt.outcome === "DELIVERED" ? "good" : "bad",
    from: Date.parse(attempt.startedAt),
    to: Date.parse(attempt.startedAt) + attempt.durationMs,
    text: t.waterfall.attempt(attempt.number, outcomeText(attempt)),
  }));
  const retries = tries.flatMap(({ to: from }, i) => {
    const isLast = i === tries.length - 1;
    if (isLast && delivery.phase !== "RETRYING") return [];
    return [{ kind: "retry", from, to: isLast ? end : tries[i + 1].from, text: t.waterfall.waits.retry }];
  });
  return [...waits, ...tries, ...retries];
}
