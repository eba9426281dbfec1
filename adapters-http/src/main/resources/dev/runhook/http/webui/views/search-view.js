import { html, nothing } from "lit";
import { api, e, query } from "../api/api.js";
import { explanation } from "../components/explanation.js";
import { skippedActions } from "../components/delivery/skipped-transitions.js";
import { grouped, sheet } from "../components/list.js";
import { runAddress } from "../components/run-link.js";
import { markBadge, outcomeMark, stateBadge, stateName } from "../components/status-badges.js";
import { View, emptyState, skeleton, title } from "../components/view.js";
import { addressOf } from "../components/webhook-actions.js";
import { t } from "../text/messages.js";
import { now } from "../api/clock.js";
import { timeAgo } from "../text/time.js";

const DAY_MS = 86_400_000;

/** What the terms of a search are about, and what webhooks received of it, and why. */
class SearchView extends View {
  start() {
    if (this.terms) this.reload();
  }

  get terms() {
    return this.params.query.q?.trim() ?? "";
  }

  async receive() {
    return { result: await api.get(`/search${query({ q: this.terms })}`, this.signal) };
  }

  render() {
    const content = this.result ? this.found(this.result) : this.terms ? skeleton() : html`<p>${t.search.help}</p>`;
    return html`${title(this.terms ? t.search.of(this.terms) : t.search.title)}${content}`;
  }

  /** @param {Api["SearchResult"]} result */
  found({ unknown, outcomes, runs, webhooks, stacks, unavailableBuckets }) {
    const isEmpty = [outcomes, runs, webhooks, stacks].every(({ length }) => length === 0);
    return html`
      <div role="status">${this.progress ?? nothing}</div>
      ${unavailableBuckets ? html`<p class="notice">${t.search.incomplete}</p>` : nothing}
      ${isEmpty
        ? emptyState(unknown.length > 0 ? t.search.unknown(unknown) : t.search.none, html`<p>${t.search.help}</p>`)
        : nothing}
      ${outcomes.length > 0 ? sheet(this.columns(outcomes), rowsOf(outcomes)) : nothing}
      ${this.links(t.search.runs, runs, run => html`
        <a class="code" href=${runAddress(run.stack, run.id)}>${run.id}</a> ${stateBadge(run.state)}
        <span class="quiet">${run.stack} · <bdi>${run.branch}</bdi> · ${timeAgo(run.createdAt)}</span>
      `)}
      ${this.links(t.account.webhooks, webhooks, ({ id, stack, name, endpoint }) => html`
        <a href="${addressOf({ stack, id })}/deliveries" dir="auto">${name || endpoint}</a>
        <span class="quiet">${stack} · <bdi>${endpoint}</bdi></span>
      `)}
      ${this.links(t.nav.stacks, stacks, ({ id, name }) => html`
        <a href="#/stacks/${e(id)}" dir="auto">${name}</a> <span class="quiet">${id}</span>
      `)}
    `;
  }

  links(heading, items, link) {
    if (items.length === 0) return nothing;
    return html`<h2>${heading}</h2><ul class="found">${items.map(item => html`<li>${link(item)}</li>`)}</ul>`;
  }

  /** The run is a column only if there are several. */
  columns(outcomes) {
    const { heads } = t.search;
    const seen = new Set();
    const runs = new Set(outcomes.map(({ stack, run }) => `${stack} ${run}`));
    const run = ({ stack, run: id }) => id && html`<a class="code" href=${runAddress(stack, id)}>${id}</a>`;
    return [
      [heads.webhook, found => (found.isFirst ? webhookOf(found) : nothing), "wide whole"],
      [heads.status, ({ outcome }) => statusOf(outcome)],
      [heads.event, ({ state, stateVersion }) => state && html`
        ${stateName(state)} <span class="small">#${stateVersion}</span>
      `],
      ...(runs.size > 1 ? [[heads.run, run, "wide"]] : []),
      [
        heads.why,
        found => html`
          <ul>${explanation(found.outcome.explanation)}</ul>
          ${found.others.length > 0
            ? html`<p class="small quiet">${t.search.alike(found.others.map(linkedState))}</p>`
            : nothing}
          ${this.similar(found, seen)}
        `,
        "wide whole",
      ],
    ];
  }

  /**
   * How often the webhook got nothing for the same reason, and what can be done.
   *
   * @param {Api["SearchResult"]["outcomes"][number]} found
   * @param {Set<string>} seen the webhooks with the reasons of earlier rows, which have the same actions
   */
  similar({ stack, run, state, outcome, similar }, seen) {
    const key = `${outcome.webhook} ${outcome.explanation[0]?.code}`;
    if (!similar || seen.has(key)) return nothing;
    seen.add(key);
    const webhook = { stack, id: outcome.webhook };
    const follow = progress => {
      this.set({ progress });
      this.reload();
    };
    const { count, since } = similar;
    const others = count - 1;
    const days = Math.max(1, Math.round((now() - Date.parse(since)) / DAY_MS));
    const text = others > 0 ? t.search.similar(others, days) : t.search.onlyOne(days);
    return html`
      <p class="small">${text}</p>
      ${skippedActions(webhook, { run, state, explanation: outcome.explanation }, follow, this.signal, others > 0 && since)}
    `;
  }
}

customElements.define("rh-search", SearchView);

/** The phases of deliveries that need no row of their own. */
const CALM = ["DELIVERED", "PAUSED", "DISABLED"];

/**
 * The outcomes by webhook. The states of a run that were left out for the same reason, or delivered, or wait for the end
 * of a pause, are one row: the latest of them, with the `others`.
 */
function rowsOf(outcomes) {
  const keyOf = ({ run, outcome: { delivery, phase, explanation: [statement] } }, i) => {
    if (delivery) return CALM.includes(phase) ? `${run} ${phase}` : i;
    const { state, ...params } = statement?.params ?? {};
    return `${run} ${statement?.code} ${JSON.stringify(params)}`;
  };
  return grouped(outcomes, ({ stack, outcome }) => `${stack} ${outcome.webhook}`).flatMap(([, ofWebhook]) => {
    const rows = grouped([...ofWebhook.entries()], ([i, found]) => keyOf(found, i));
    return rows.map(([, [[, found], ...others]], i) =>
      ({ ...found, isFirst: i === 0, others: others.map(([, other]) => other) }));
  });
}

const linkedState = ({ state, outcome: { delivery } }) =>
  delivery ? html`<a href="#/deliveries/${e(delivery)}">${stateName(state)}</a>` : stateName(state);

/** @param {Api["WebhookOutcome"]} outcome */
function statusOf(outcome) {
  const mark = markBadge(outcomeMark(outcome));
  return outcome.delivery ? html`<a href="#/deliveries/${e(outcome.delivery)}">${mark}</a>` : mark;
}

/** @param {Api["SearchResult"]["outcomes"][number]} found */
function webhookOf({ stack, outcome: { webhook, name, endpoint, deleted } }) {
  const label = html`<bdi>${name || endpoint}</bdi>`;
  return html`
    ${deleted ? html`${label} ${t.run.deleted}` : html`<a href=${addressOf({ stack, id: webhook })}>${label}</a>`}
    <span class="two">${stack}</span>
  `;
}
