import { html, nothing, svg } from "lit";
import { api, query } from "../../api/api.js";
import { now } from "../../api/clock.js";
import { session } from "../../api/session.js";
import { t } from "../../text/messages.js";
import { texts } from "../../text/messages-en-account.js";
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
/** The statements that say when a delivery was canceled. */
const ENDS = ["CANCELED_BY", "CANCELED_BECAUSE", "SUPERSEDED"];
/** What a delivery does, by its phase, in the time that nothing else explains. */
const RESTS = { SENDING: "sending", RATE_LIMITED: "rate" };
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
      text: html`${texts.audit.actions[action]} <bdi class="quiet">${actor}</bdi>`,
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

/** When the delivery ended, or now if it is not finished. */
function endOf({ status, createdAt, deliveredAt, explanation }, attempts) {
  if (status === "PENDING") return now();
  const last = attempts.at(-1);
  const canceled = explanation.find(({ code }) => ENDS.includes(code));
  const ends = [createdAt, deliveredAt, canceled?.params.at].filter(Boolean).map(text => Date.parse(text));
  return Math.max(last ? Date.parse(last.startedAt) + last.durationMs : 0, ...ends);
}

/**
 * What filled the time of a delivery, as `{kind, from, to, text}`, by what the API says about it. The segments do not
 * overlap: an attempt interrupts a pause, and a pause interrupts the wait for the next attempt.
 */
export function segments(delivery, attempts) {
  const start = Date.parse(delivery.createdAt);
  const end = endOf(delivery, attempts);
  const wait = (kind, from, to) => ({ kind, from, to, text: t.waterfall.waits[kind] });
  const tries = attempts.map(attempt => ({
    kind: attempt.outcome === "DELIVERED" ? "good" : "bad",
    from: Date.parse(attempt.startedAt),
    to: Date.parse(attempt.startedAt) + attempt.durationMs,
    text: t.waterfall.attempt(attempt.number, outcomeText(attempt)),
  }));
  const waits = delivery.explanation
    .filter(({ code }) => code in WAITS)
    .map(({ code, params: { since, until } }) =>
      wait(WAITS[code], Math.max(start, since ? Date.parse(since) : start), until ? Date.parse(until) : end));
  const retries = tries.map(({ to }, i) =>
    wait("retry", to, Math.min(dueAfter(delivery, attempts[i], to), tries[i + 1]?.from ?? end)));
  const isOver = delivery.status === "DELIVERED" || delivery.status === "FAILED";
  const rest = wait(RESTS[delivery.phase] ?? "queue", start, isOver ? (tries.at(-1)?.to ?? end) : end);
  const earlier = attempts[0]?.number > 1 ? [wait("earlier", start, tries[0].from)] : [];
  const gaps = uncovered([...tries, ...earlier, ...waits, ...retries, rest], tries.length);
  return [...tries, ...gaps.filter(({ from, to }) => to - from > (end - start) / 100)];
}

/** When a failed attempt made the next one due. The delay is the last or only number of seconds of a calculation. */
function dueAfter({ explanation }, { number }, end) {
  const retried = explanation.find(
    ({ code, params }) => code === "ATTEMPT_RETRIED" && Number(params.number) === number,
  );
  const [, seconds] = /(?:^|= )([\d.]+) s(?:,|$)/.exec(retried?.params.delay ?? "") ?? [];
  return end + 1000 * Number(seconds ?? 0);
}

/** The parts of the segments that no earlier segment covers, without the first `count` segments. */
function uncovered(all, count) {
  const covered = all.slice(0, count);
  for (const segment of all.slice(count)) {
    let parts = [segment];
    for (const { from, to } of covered) {
      parts = parts
        .flatMap(part => [{ ...part, to: Math.min(part.to, from) }, { ...part, from: Math.max(part.from, to) }])
        .filter(part => part.to > part.from);
    }
    covered.push(...parts);
  }
  return covered.slice(count);
}
