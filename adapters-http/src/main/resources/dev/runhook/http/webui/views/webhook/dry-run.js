import { LitElement, html, nothing } from "lit";
import { api, e } from "../../api/api.js";
import { reason } from "../../components/explanation.js";
import { sheet } from "../../components/list.js";
import { runAddress } from "../../components/run-link.js";
import { badge, stateName } from "../../components/status-badges.js";
import { attempt, skeleton, toast } from "../../components/view.js";
import { pathOf } from "../../components/webhook-actions.js";
import { t } from "../../text/messages.js";
import { texts } from "../../text/messages-en-dry-run.js";
import { sentence } from "../../text/text.js";
import { bodyOf, isSame, valuesOf } from "./webhook-values.js";

const DELAY_MS = 400;
const MAX_SHOWN = 50;
const MAX_MISSED = 5;
/** What a webhook has besides the settings that decide what is sent. */
const OTHERS = new Set([
  "endpoint", "name", "secret", "enabled", "headers", "timeout", "retrySchedule", "maxPerSecond", "maxPerMinute",
  "collapse", "externalId", "includeChanges",
]);

/** The part of the body of a webhook that decides what is sent. */
export const decisive = body => Object.fromEntries(Object.entries(body).filter(([name]) => !OTHERS.has(name)));

const eventOf = ({ stack, run, stateVersion }) => [stack, run, stateVersion].join(" ");

/**
 * Shows, on request, what a webhook with the filters of a form would have received of past transitions. It follows the
 * changes of the form. After the user has saved filters that want more, it offers to send the latest such events.
 *
 * Properties: `path`, in the API; `body`, the settings in the form; `saved`, those of the webhook, or null; `webhook`,
 * if it belongs to a stack; `open`, whether to show the result at once.
 */
class DryRun extends LitElement {
  static properties = {
    path: {},
    body: { attribute: false },
    saved: { attribute: false },
    webhook: { attribute: false },
    open: { type: Boolean },
    period: { state: true },
    result: { state: true },
    previous: { state: true },
    error: { state: true },
    missed: { state: true },
  };

  #asked = null;
  /** What the result is about. */
  #shown = null;
  #timer;

  constructor() {
    super();
    this.period = "7d"; // a field would hide the property, so that a change would not be shown
  }

  createRenderRoot() {
    return this;
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    clearTimeout(this.#timer);
  }

  willUpdate(changed) {
    const isSaved = changed.get("saved") && !isSame(changed.get("saved"), this.saved);
    const sent = changed.get("body") ?? this.body; // the server may have put the saved values in another order
    const isShown = this.previous && isSame(this.#shown, { ...sent, period: this.period });
    if (isSaved && isShown && this.webhook?.enabled) this.missed = this.findMissed();
  }

  updated() {
    const asked = { ...this.body, period: this.period };
    if (this.#asked ? !isSame(asked, this.#asked) : this.open) this.ask(asked, this.#asked ? DELAY_MS : 0);
  }

  /** The latest events that the filters before the change have left out, and that are wanted now. The oldest first. */
  findMissed() {
    const skippedBefore = this.previous.latest.filter(({ skip }) => skip).map(eventOf);
    return this.result.latest
      .filter(event => !event.skip && skippedBefore.includes(eventOf(event)))
      .slice(0, MAX_MISSED)
      .reverse();
  }

  async sendMissed() {
    await attempt(async () => {
      await sendLate(this.webhook, this.missed, this.result.from);
      this.missed = null;
    });
  }

  ask(asked, delay) {
    this.#asked = asked;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.load(asked), delay);
  }

  load(asked) {
    const { period } = asked;
    return attempt(async () => {
      const isChanged = this.saved && !isSame(this.saved, this.body);
      const [result, previous] = await Promise.all([
        api.post(this.path, asked),
        isChanged ? api.post(this.path, { ...this.saved, period }) : null,
      ]);
      if (asked !== this.#asked) return;
      this.#shown = asked;
      Object.assign(this, { result, previous, error: null });
    }, problem => {
      if (asked === this.#asked) this.error = problem.errors?.[0]?.detail ?? problem.message;
    });
  }

  render() {
    const { result, error } = this;
    if (!this.#asked && !this.open) {
      const show = () => this.ask({ ...this.body, period: this.period }, 0);
      return html`<button type="button" class="small" @click=${show}>${texts.show}</button>`;
    }
    return html`
      <div class="stackup">
        <div aria-live="polite">
          ${error ? html`<p class="error">${sentence(error)}</p>` : nothing}
          ${result && !error
            ? html`<p class="notice info">${texts.summary(result, this.previous, this.period)}</p>`
            : nothing}
          ${this.missed?.length > 0
            ? html`
                <p class="notice">
                  ${texts.missed(this.missed.length)}
                  <button type="button" class="small" @click=${() => this.sendMissed()}>${texts.sendMissed}</button>
                </p>
              `
            : nothing}
        </div>
        ${error ? nothing : result ? this.latest(result) : skeleton(6)}
      </div>
    `;
  }

  /**
   * The latest events: those that a change of the form makes a difference to, or else those that are sent, and on
   * request the others.
   *
   * @param {Api["DryRun"]} result
   */
  latest({ latest }) {
    const { heads, sent } = texts;
    const isLong = this.period !== "7d";
    const before = this.previous && new Map(this.previous.latest.map(event => [eventOf(event), !event.skip]));
    const isShown = before ? event => before.get(eventOf(event)) !== !event.skip : ({ skip }) => !skip;
    const shown = latest.filter(isShown);
    const others = latest.filter(event => !isShown(event));
    const columns = [
      [heads.status, ({ skip }) => (skip ? badge("idle", t.run.notSent) : badge("good", sent))],
      [heads.event, ({ stack, run, branch, state, stateVersion, skip }) => html`
        ${stateName(state)} <span class="small">#${stateVersion}</span>
        <span class="two clip" title=${branch}>
          <bdi>${branch}</bdi> · <a class="code" href=${runAddress(stack, run)} target="_blank">${run}</a>
        </span>
        ${skip ? html`<span class="two">${reason(skip)}</span>` : nothing}
      `, "wide whole"],
    ];
    return html`
      ${before && latest.length > 0 ? html`<h3>${texts.changes(shown.length, latest.length)}</h3>` : nothing}
      ${shown.length > 0 ? sheet(columns, shown.slice(0, MAX_SHOWN)) : nothing}
      ${others.length > 0
        ? html`
            <details>
              <summary>${before ? texts.unchanged(others.length) : texts.notSent(others.length)}</summary>
              ${sheet(columns, others.slice(0, MAX_SHOWN))}
            </details>
          `
        : nothing}
      <div class="actions">
        <button type="button" class="small" @click=${() => (this.period = isLong ? "7d" : "30d")}>
          ${isLong ? texts.shorter : texts.longer}
        </button>
      </div>
    `;
  }
}

customElements.define("rh-dry-run", DryRun);

/**
 * Sends events that a webhook got no delivery of, the oldest first.
 *
 * @param from when the first of them was recorded, or earlier
 */
async function sendLate(webhook, events, from) {
  let sent = 0;
  for (const event of new Set(events.map(({ run, state }) => JSON.stringify({ run, state })))) {
    const replay = await api.post(`${pathOf(webhook)}/replays`, { status: "SKIPPED", from, ...JSON.parse(event) });
    sent += replay.created;
  }
  toast(texts.missedSent(sent));
}

/**
 * Offers to send the latest events that a new webhook would have received.
 *
 * Property: the `webhook`, of a stack.
 */
class FirstEvents extends LitElement {
  static properties = { webhook: { attribute: false }, result: { state: true }, events: { state: true } };

  createRenderRoot() {
    return this;
  }

  /** The offer is no reason for an error message. */
  firstUpdated() {
    attempt(async () => {
      const { stack } = this.webhook;
      const result = await api.post(`/stacks/${e(stack)}/webhooks/dry-run`, decisive(bodyOf(valuesOf(this.webhook))));
      const wanted = result.latest.filter(({ skip }) => !skip);
      Object.assign(this, { result, events: wanted.slice(0, MAX_MISSED).reverse() });
    }, () => {});
  }

  async send() {
    await attempt(async () => {
      await sendLate(this.webhook, this.events, this.result.from);
      this.events = null;
    });
  }

  render() {
    if (!this.events?.length) return nothing;
    return html`
      <p class="notice">
        ${texts.first}
        <button type="button" class="small" @click=${() => this.send()}>
          ${texts.sendFirst(this.events.length)}
        </button>
      </p>
    `;
  }
}

customElements.define("rh-first-events", FirstEvents);
