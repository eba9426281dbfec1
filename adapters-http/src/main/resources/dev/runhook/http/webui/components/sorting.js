/** Lists that the user orders with buttons in the headings. The order is in the query of the URL. */

import { html, nothing } from "lit";

/**
 * The column of an order, and whether its largest value is the first.
 *
 * @param {{ sort?: string, order?: string }} query
 * @param {Record<string, { isDescending?: boolean }>} columns by the name of their order
 */
export function orderOf({ sort = "", order }, columns, fallback = "") {
  const by = Object.hasOwn(columns, sort) ? sort : fallback;
  return { by, isDescending: order ? order === "desc" : Boolean(columns[by]?.isDescending) };
}

/** The items in the order of their values. Those without a value are the last. */
export function ordered(items, value, isDescending) {
  const sign = isDescending ? -1 : 1;
  return items
    .map(item => ({ item, value: value(item) }))
    .sort((one, other) => compare(one.value, other.value, sign))
    .map(({ item }) => item);
}

/** @param sign -1 if the largest value is the first */
function compare(one, other, sign) {
  if (one === other) return 0;
  if (one === null || other === null) return one === null ? 1 : -1;
  return one < other ? -sign : sign;
}

/** What `aria-sort` of a heading says. */
export const ariaSort = (key, { by, isDescending }) =>
  by === key ? (isDescending ? "descending" : "ascending") : nothing;

/**
 * The button in the heading of a column, which orders by it, or reverses the order.
 *
 * @param choose changes the query
 */
export function sortButton(key, label, { by, isDescending }, choose, title = undefined) {
  const order = by === key ? (isDescending ? "asc" : "desc") : "";
  return html`
    <button type="button" class="sort" title=${title ?? nothing} @click=${() => choose({ sort: key, order })}>
      ${label}${by === key ? html`<span aria-hidden="true">${isDescending ? "↓" : "↑"}</span>` : nothing}
    </button>
  `;
}
