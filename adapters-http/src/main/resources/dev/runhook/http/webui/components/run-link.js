/** Links to runs. */

import { html } from "lit";
import { e } from "../api/api.js";

/** The run of a delivery or of a transition, in a list. */
export const runCell = ({ stack, run, stateVersion }) => html`
  <a class="code" href=${runAddress(stack, run)} title=${run}>${run}</a>
  <span class="quiet small nowrap">#${stateVersion}</span>
`;

export const runAddress = (stack, run) => `#/stacks/${e(stack)}/runs/${e(run)}`;
