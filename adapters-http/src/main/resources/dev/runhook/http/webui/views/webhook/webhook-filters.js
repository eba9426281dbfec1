/** The filters that few webhooks need: by previous state, branch, changes and stack labels. */

import { html } from "lit";
import { t } from "../../text/messages.js";
import { texts } from "../../text/messages-en-changes.js";
import { STATES, isTerminal, stateName } from "../../components/status-badges.js";

const PREVIOUS_STATES = STATES.filter(state => !isTerminal(state)).map(state => [state, stateName(state)]);

const DEFAULT_EVENTS = ["run_state_changed"];

/** The kinds of events that a webhook gets, each with a description. */
export const eventsField = form => form.checks({
  name: "events",
  label: t.webhook.events,
  hint: t.webhook.eventsHint,
  style: "column",
  options: Object.entries(t.webhook.eventTexts).map(([kind, text]) => [
    kind,
    html`${stateName(kind)} <span class="quiet">– ${text}</span>`,
  ]),
});

/** Whether the webhook gets other events than a new webhook. */
export const hasOtherEvents = ({ events }) => events.join() !== DEFAULT_EVENTS.join();

/**
 * The values of the form for a webhook, or for a new one.
 *
 * @returns {any}
 */
export function filterValues({ events, previousStates, branches, delta, stackLabels, ...changes }) {
  return {
    events: events ?? DEFAULT_EVENTS,
    previousStates: previousStates ?? [],
    branches: branches?.join("\n") ?? "",
    delta: String(delta ?? ""),
    deletedAtLeast: String(changes.deletedAtLeast ?? ""),
    changedAtLeast: String(changes.changedAtLeast ?? ""),
    resources: changes.resources?.join("\n") ?? "",
    includeChanges: String(changes.includeChanges ?? false),
    stackLabels: stackLabels?.join("\n") ?? "",
  };
}

export function hasFilters({ previousStates, includeChanges, ...values }) {
  const { branches, delta, deletedAtLeast, changedAtLeast, resources, stackLabels } = values;
  const texts = [branches, delta, deletedAtLeast, changedAtLeast, resources, stackLabels];
  return previousStates.length > 0 || includeChanges === "true" || texts.some(Boolean);
}

/** The part of the request body for the values of the form. */
export function filterBody({ previousStates, branches, delta, stackLabels, ...changes }) {
  return {
    previousStates,
    branches: lines(branches),
    delta: delta === "" ? null : delta === "true",
    deletedAtLeast: number(changes.deletedAtLeast),
    changedAtLeast: number(changes.changedAtLeast),
    resources: lines(changes.resources),
    includeChanges: changes.includeChanges === "true",
    stackLabels: lines(stackLabels),
  };
}

/**
 * Adds a pattern to the patterns in the form. It replaces its exclusion. An exclusion replaces nothing, because without
 * other patterns it would let all other branches through.
 */
export const withBranch = (branches, pattern) =>
  [...lines(branches).filter(line => line !== `!${pattern}` && line !== pattern), pattern].join("\n");

const number = text => (text === "" ? null : Number(text));

const lines = text => text.split("\n").map(line => line.trim()).filter(Boolean);

/** The section of the form. It is collapsed unless the webhook has such filters. */
export const filterFields = (form, isOpen) => html`
  <details class="field" ?open=${isOpen}>
    <summary>${t.filters.more}</summary>
    ${form.textarea({
      name: "branches",
      label: t.filters.branches,
      hint: t.filters.branchesHint,
      rows: 3,
    })}
    ${form.checks({
      name: "previousStates",
      label: t.filters.previousStates,
      hint: t.filters.previousStatesHint,
      options: PREVIOUS_STATES,
    })}
    ${form.select({
      name: "delta",
      label: t.filters.delta,
      hint: t.filters.deltaHint,
      options: Object.entries(t.filters.deltaOptions),
    })}
    <div class="field grid2">
      ${["deletedAtLeast", "changedAtLeast"].map(name => form.text({
        name,
        label: texts[name],
        hint: texts[`${name}Hint`],
        type: "number",
        inputmode: "numeric",
      }))}
    </div>
    ${form.textarea({
      name: "resources",
      label: texts.resources,
      hint: texts.resourcesHint,
      rows: 2,
    })}
    ${form.select({
      name: "includeChanges",
      label: texts.includeChanges,
      options: Object.entries(texts.includeOptions),
    })}
    ${form.textarea({
      name: "stackLabels",
      label: t.filters.stackLabels,
      hint: t.filters.stackLabelsHint,
      rows: 2,
    })}
  </details>
`;

/**
 * The rows of a list of facts, for users who may not change the webhook.
 *
 * @param {Api["Webhook"]} webhook
 */
export function filterFacts({ events, previousStates, branches, delta, stackLabels, ...changes }) {
  return [
    [t.webhook.events, events.map(stateName).join(", ")],
    branches.length > 0 && [t.filters.branches, html`<bdi>${branches.join(", ")}</bdi>`],
    previousStates.length > 0 && [t.filters.previousStates, previousStates.map(stateName).join(", ")],
    delta !== null && [t.filters.delta, t.filters.deltaOptions[String(delta)]],
    changes.deletedAtLeast !== null && [texts.deletedAtLeast, changes.deletedAtLeast],
    changes.changedAtLeast !== null && [texts.changedAtLeast, changes.changedAtLeast],
    changes.resources.length > 0 && [texts.resources, html`<bdi>${changes.resources.join(", ")}</bdi>`],
    changes.includeChanges && [texts.includeChanges, texts.includeOptions.true],
    stackLabels.length > 0 && [t.filters.stackLabels, html`<bdi>${stackLabels.join(", ")}</bdi>`],
  ];
}
