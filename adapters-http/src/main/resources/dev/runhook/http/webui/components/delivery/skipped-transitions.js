/** The transitions of a run that a webhook did not get, with the reasons. */

import { html } from "lit";
import { api, e } from "../../api/api.js";
import { reason } from "../explanation.js";
import { badge, stateName } from "../status-badges.js";
import { sheet } from "../list.js";
import { runCell } from "../run-link.js";
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

/** Transitions of a run that were not sent, as `findSkipped` returns them. */
export function skippedTable(skipped, stack) {
  const { heads, reason: reasonHead } = t.deliveryList;
  const columns = [
    [heads.status, () => badge("idle", t.run.notSent), "status"],
    [heads.event, ({ state }) => stateName(state), "event"],
    [heads.run, ({ run, stateVersion }) => runCell({ stack, run, stateVersion }), "wide run"],
    [reasonHead, ({ explanation }) => explanation.map(statement => html`${reason(statement)} `), "wide"],
    [heads.created(zone()), ({ timestamp }) => clockTime(timestamp), "time"],
  ];
  return sheet(columns, skipped, { styleOf: () => "quiet" });
}
