/** The transitions of a run that a webhook did not get, with the reasons. */

import { html, nothing } from "lit";
import { api, e, query } from "../../api/api.js";
import { session } from "../../api/session.js";
import { reason } from "../explanation.js";
import { badge, stateName } from "../status-badges.js";
import { sheet } from "../list.js";
import { askToReplay } from "../replay.js";
import { runCell } from "../run-link.js";
import { addressOf } from "../webhook-actions.js";
import { t } from "../../text/messages.js";
import { clockTime, zone } from "../../text/time.js";

/**
 * The latest transitions of a run that were not sent to a webhook, with the reasons, the newest first.
 *
 * @param path the path of the list of the webhook in the API
 */
export async function findSkipped(path, run, webhook, signal) {
  try {
    const [stack] = /^\/stacks\/[^/]+/.exec(path);
    const address = `${stack}/runs/${e(run)}/explanation`;
    const { transitions } = await api.get(address, signal);
    return transitions.toReversed().flatMap(({ webhooks, ...transition }) =>
      webhooks
        .filter(outcome => outcome.webhook === webhook && !outcome.delivery)
        .map(({ explanation }) => ({ ...transition, run, explanation })),
    );
  } catch (problem) {
    if (problem.status !== 404 && problem.status !== 400) throw problem;
    return []; // there is no such run
  }
}

/** The additions to a filter that let an event through, by the code of the reason why it was not sent. */
const ADDITIONS = {
  SKIPPED_BRANCH: ({ branch }) => [`branches:${branch}`, t.search.addBranch],
  SKIPPED_STATE: ({ state }) => [`states:${state}`, t.search.addState],
};

/**
 * What can be done about an event that a webhook did not get.
 *
 * @param {{ stack: string, id: string }} webhook
 * @param {any} event with the explanation of the outcome
 * @param show is called with the progress of what is sent
 * @param {string | false} since when the events began that were left out for the same reason, if there are others
 */
export function skippedActions(webhook, { run, state, explanation: [statement] }, show, signal, since = false) {
  if (!session.may("admin")) return nothing;
  const send = filter => askToReplay(webhook, show, signal, { status: "SKIPPED", ...filter });
  const [add, edit] = ADDITIONS[statement?.code]?.(statement.params) ?? ["", t.search.edit];
  return html`
    <p class="actions">
      <button type="button" class="small" @click=${() => send({ run, state, from: "" })}>${t.search.send}</button>
      ${since
        ? html`<button type="button" class="small" @click=${() => send({ from: since })}>${t.search.sendAll}</button>`
        : nothing}
      <a class="button small" href="${addressOf(webhook)}${query({ add })}">${edit}</a>
    </p>
  `;
}

/**
 * Transitions of a run that were not sent to a webhook, as `findSkipped` returns them.
 *
 * @param {{ stack: string, id: string }} webhook
 */
export function skippedTable(skipped, webhook, show, signal) {
  const { heads, reason: reasonHead } = t.deliveryList;
  const columns = [
    [heads.status, () => badge("idle", t.run.notSent), "status"],
    [heads.event, ({ state }) => stateName(state), "event"],
    [heads.run, ({ run, stateVersion }) => runCell({ stack: webhook.stack, run, stateVersion }), "wide run"],
    [reasonHead, ({ explanation }) => explanation.map(statement => html`${reason(statement)} `), "wide whole"],
    [heads.created(zone()), ({ timestamp }) => clockTime(timestamp), "time"],
    session.may("admin") ? ["", transition => skippedActions(webhook, transition, show, signal), "whole act"] : null,
  ];
  return sheet(columns.filter(Boolean), skipped, { styleOf: () => "quiet" });
}
