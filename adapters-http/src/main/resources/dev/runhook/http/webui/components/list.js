import { html, nothing } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { api } from "../api/api.js";
import { query } from "../api/query.js";
import { t } from "../text/messages.js";
import { CREATED } from "./filter.js";
import { View, emptyState, skeleton } from "./view.js";

/**
 * The base of the views of a list, one page at a time. The filter and the page are in the query of the URL.
 *
 * Subclasses have the `address` of the view without its query; `request`, the path of the page in the API; `columns`
 * and, for the rows, `styleOf` and `below`, see `sheet`; and `empty`, what to show instead of a page without items. A
 * list with a filter has `fields`, see `rh-filter`; a range of time is added.
 */
export class ListView extends View {
  interval = 15_000;
  /** The problem of a filter that the API has refused. */
  refusal = null;

  start() {
    this.poll(this.interval, () => this.refusal === null && this.load());
  }

  async receive() {
    return { page: await api.get(this.request, this.signal) };
  }

  /** Loads the page. A filter that the API refuses does not replace the view, which shows the refusal. */
  async load() {
    const { query: sent } = this.params;
    let isShown = false;
    let refusal = null;
    this.requestUpdate(); // shows the filter that was chosen
    try {
      isShown = await super.load();
    } catch (problem) {
      if (problem.status !== 400 || !this.fields) throw problem;
      refusal = problem;
    }
    if (sent === this.params.query) this.set({ refusal }); // otherwise, the user has chosen another filter
    return isShown;
  }

  /** Applies a filter without leaving the view. */
  applyFilter(chosen) {
    this.chooseQuery(chosen);
    return this.reload();
  }

  /** Shows an item that the user has changed. */
  change(updated) {
    this.revision++;
    const items = this.page.items.map(each => (each.id === updated.id ? { ...each, ...updated } : each));
    this.set({ page: { ...this.page, items } });
  }

  /** The form of the filter. */
  filter(label) {
    return html`
      <rh-filter
        label=${label}
        .fields=${[...this.fields, CREATED]}
        .query=${this.params.query}
        .refusal=${this.refusal}
        .onChoose=${chosen => this.applyFilter(chosen)}
      ></rh-filter>
    `;
  }

  /** @param page the page, or what is to be shown of it */
  list(page = this.page) {
    if (this.refusal) return nothing;
    if (!page) return skeleton();
    const { items, next } = page;
    return html`${items.length > 0 ? sheet(this.columns, items, this) : this.empty()} ${this.links(next)}`;
  }

  /**
   * Links to the first and the next page.
   *
   * @param {{ newest: string, older: string }} texts
   */
  links(next, texts = t.filter) {
    const { after, ...filter } = this.params.query;
    const link = (text, parameters) => html`<a href=${this.address + query(parameters)}>${text}</a>`;
    if (!after && !next) return nothing;
    return html`
      <p class="actions more">
        ${after ? link(texts.newest, filter) : nothing}
        ${next ? link(texts.older, { ...filter, after: next }) : nothing}
      </p>
    `;
  }

  /**
   * What to show instead of an empty page. Older items may match although the page is empty, because a search is
   * bounded.
   *
   * @param none what to show if there are no items at all
   * @param more what else to show if the filter matches nothing
   */
  noMatches(none, more = undefined) {
    const { after, ...filter } = this.params.query;
    if (this.page.next !== null) return emptyState(t.filter.noneYet, html`<p>${t.filter.noneYetText}</p>`);
    if (!after && !Object.values(filter).some(Boolean)) return none;
    return emptyState(t.filter.none, more, html`<p><a class="button" href=${this.address}>${t.filter.clear}</a></p>`);
  }
}

/** A column whose cells name themselves on narrow screens. */
export const labeled = (label, cell, style = undefined, head = label) => [head, cell, style, label];

/**
 * A table that becomes a list of cards on narrow screens.
 *
 * @param columns as `[heading, cell, style]`, where the cell is a function of an item, or `labeled`
 * @param {any} rows `styleOf`, the class of the row of an item; `below`, what follows the row; and `sortOf`, what
 *     `aria-sort` of a heading says
 */
export function sheet(columns, items, rows = {}) {
  const row = item => html`
    <tr class=${rows.styleOf?.(item) ?? nothing}>
      ${columns.map(([, cell, style = nothing, label = nothing]) => html`
        <td class=${style} data-label=${label}>${cell(item)}</td>
      `)}
    </tr>
    ${rows.below?.(item)}
  `;
  const keyOf = ({ stack, id }, i) => (id ? `${stack} ${id}` : i);
  return html`
    <div class="sheet">
      <table class="cards">
        <thead>
          <tr>
            ${columns.map(([head, , style = nothing], i) => html`
              <th scope="col" class=${style} aria-sort=${rows.sortOf?.(i) ?? nothing}>${head}</th>
            `)}
          </tr>
        </thead>
        <tbody>${repeat(items, keyOf, row)}</tbody>
      </table>
    </div>
  `;
}

/** The items by key, as `[key, items]`, in the order of the first item of each. */
export function grouped(items, keyOf) {
  const groups = new Map();
  for (const item of items) {
    const key = keyOf(item);
    if (!groups.has(key)) groups.set(key, []);
    groups.get(key).push(item);
  }
  return [...groups];
}

/** The field of a list that searches while the user types. */
export function searchField(label, placeholder, value, onSearch) {
  return html`
    <input
      type="search"
      class="search"
      aria-label=${label}
      placeholder=${placeholder}
      aria-keyshortcuts="/"
      autocomplete="off"
      .value=${value ?? ""}
      @input=${event => onSearch(event.target.value.trim())}
    >
  `;
}
