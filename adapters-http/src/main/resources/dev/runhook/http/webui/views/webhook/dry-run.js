import { LitElement, html, nothing } from "lit";
import { api } from "../../api/api.js";
import { reason } from "../../components/explanation.js";
import { sheet } from "../../components/list.js";
import { runAddress } from "../../components/skipped-transitions.js";
import { badge, stateName } from "../../components/status-badges.js";
import { attempt } from "../../components/view.js";
import { t } from "../../text/messages.js";
import { sentence } from "../../text/text.js";
import { isSame } from "./webhook-values.js";

const DELAY_MS = 400;
const MAX_SHOWN = 50;
const SETTINGS = [
  "states", "types", "driftDetection", "events", "previousStates", "branches", "delta", "stackLabels", "format",
  "template", "selector",
];

/** The part of the body of a webhook that decides what is sent. */
export const decisive = body => Object.fromEntries(SETTINGS.filter(name => name in body).map(name => [name, body[name]]));

/**
 * Shows, on request, what a webhook with the filters of a form would have received of past transitions. It follows the
 * changes of the form.
 *
 * Properties: `path`, in the API; `body`, the settings in the form; `saved`, those of the webhook, or null.
 */
class DryRun extends LitElement {
  static properties = {
    path: {},
    body: { attribute: false },
    saved: { attribute: false },
    period: { state: true },
    result: { state: true },
    before: { state: true },
    error: { state: true },
  };

  #asked = null;
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

  updated() {
    const asked = { ...this.body, period: this.period };
    if (this.#asked && !isSame(asked, this.#asked)) this.ask(asked, DELAY_MS);
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
      const [result, before] = await Promise.all([
        api.post(this.path, asked),
        isChanged ? api.post(this.path, { ...this.saved, period }) : null,
      ]);
      if (asked === this.#asked) Object.assign(this, { result, before, error: null });
    }, problem => {
      if (asked === this.#asked) this.error = problem.errors?.[0]?.detail ?? problem.message;
    });
  }

  render() {
    const { result, error } = this;
    if (!this.#asked) {
      const show = () => this.ask({ ...this.body, period: this.period }, 0);
      return html`<button type="button" class="small" @click=${show}>${t.dryRun.show}</button>`;
    }
    return html`
      <div class="stackup">
        <div aria-live="polite">
          ${error ? html`<p class="error">${sentence(error)}</p>` : nothing}
          ${result && !error ? html`<p class="notice info">${t.dryRun.summary(result, this.before)}</p>` : nothing}
        </div>
        ${result && !error ? this.latest(result) : nothing}
      </div>
    `;
  }

  /** @param {Api["DryRun"]} result */
  latest({ latest }) {
    const { heads, sent } = t.dryRun;
    const isLong = this.period !== "7d";
    const columns = [
      [heads.status, ({ skip }) => (skip ? badge("idle", t.run.notSent) : badge("good", sent))],
      [heads.event, ({ state, stateVersion }) => html`${stateName(state)} <span class="small">#${stateVersion}</span>`],
      [heads.run, ({ stack, run, branch }) => html`
        <a class="code" href=${runAddress(stack, run)} target="_blank">${run}</a>
        <span class="two"><bdi>${branch}</bdi></span>
      `, "wide"],
      [heads.why, ({ skip }) => (skip ? reason(skip) : nothing), "wide whole"],
    ];
    return html`
      ${latest.length > 0 ? sheet(columns, latest.slice(0, MAX_SHOWN)) : nothing}
      <div class="actions">
        <button type="button" class="small" @click=${() => (this.period = isLong ? "7d" : "30d")}>
          ${isLong ? t.dryRun.shorter : t.dryRun.longer}
        </button>
      </div>
    `;
  }
}

customElements.define("rh-dry-run", DryRun);
