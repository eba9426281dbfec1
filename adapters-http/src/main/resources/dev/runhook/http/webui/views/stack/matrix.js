/** What the matrix of a run and that of a day share. */

import { html } from "lit";
import { badges, markBadge } from "../../components/status-badges.js";

const MOVES = {
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
};

/** The kinds of marks, those that need attention first. */
export const KINDS = ["bad", "warn", "busy", "good", "idle"];

/** The widths in pixels of a column with a horizontal heading, and of what is next to the columns. */
const [COLUMN, OTHERS] = [96, 250];

/** Whether the headings have room to be horizontal, by the number of columns. */
export const hasRoom = columns => innerWidth >= columns * COLUMN + OTHERS;

export const nameOf = webhook => webhook.name || webhook.endpoint.replace(/^https?:\/\//, "");

/**
 * Moves the focus from a mark with an arrow key to the next one in its row or column.
 *
 * @param at the row and the column of the mark that has the focus
 * @param size the number of rows and columns
 * @param {(row: number, column: number) => Element | null} find the mark of a cell, which can be empty
 * @returns the row and the column of the mark that has the focus now, or null
 */
export function moveFocus(event, at, size, find) {
  const move = MOVES[event.key];
  if (!move) return null;
  let [row, column] = at;
  do {
    row += move[0];
    column += move[1];
    if (row < 0 || row >= size[0] || column < 0 || column >= size[1]) return null;
  } while (!find(row, column));
  event.preventDefault();
  /** @type {HTMLElement} */ (find(row, column)).focus();
  return [row, column];
}

/** How many marks there are of each kind, those that need attention first. */
export function markCounts(marks) {
  const counts = new Map();
  for (const mark of marks) {
    counts.set(mark.text, { ...mark, count: (counts.get(mark.text)?.count ?? 0) + 1 });
  }
  const sorted = [...counts].sort(([, one], [, other]) => KINDS.indexOf(one.kind) - KINDS.indexOf(other.kind));
  return html`<span class="counts">${badges(sorted.map(([text, { count, ...mark }]) =>
    markBadge({ ...mark, text: `${count.toLocaleString()} ${text.toLowerCase()}` })))}</span>`;
}
