/** Explanations of the API, worded by their codes. */

import { html } from "lit";
import { e } from "../api/api.js";
import { t } from "../text/messages.js";
import { stateName } from "./status-badges.js";
import { isolated, sentence } from "../text/text.js";
import { clockTime } from "../text/time.js";

const TIMES = ["at", "since", "until", "nextProbeAt"];
const NAMES = ["state", "type", "previous", "event"];
const TEXTS = ["by", "branch", "pattern", "missing", "reason"];

export const explanation = statements => statements.map(statement => html`<li>${reason(statement)}</li>`);

/**
 * A statement as a sentence, with local times and a link to the delivery that it names. A statement without a text in
 * the catalog keeps the API's wording.
 */
export function reason({ code, params, text }) {
  const word = t.explanations[code];
  if (!word) return sentence(text);
  const values = Object.entries(params).map(([name, value]) => {
    if (TIMES.includes(name)) return [name, clockTime(value)];
    if (NAMES.includes(name)) return [name, stateName(value)];
    if (TEXTS.includes(name)) return [name, isolated(value)];
    return [name, name === "delivery" ? deliveryLink(value) : value];
  });
  return word(Object.fromEntries(values));
}

const deliveryLink = id => html`<a href="#/deliveries/${e(id)}">${t.test.view}</a>`;
