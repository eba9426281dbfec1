/** Filters and pages of lists. They are in the query of the URL, so that they can be shared and survive a reload. */

import { html, nothing } from "lit";
import { t } from "../text/messages.js";
import { CUSTOM, query } from "../api/query.js";
import { emptyState } from "./view.js";
import { stateName } from "./status-badges.js";
import { zone } from "../text/time.js";

/** A select field. Each value is a name of an enum or a pair of a value and its text. */
export function choice(name, label, all, values) {
  const options = values.map(each => (Array.isArray(each) ? each : [each, stateName(each)]));
  return { name, label, options: [["", all], ...options] };
}

/**
 * @param fields as `{name, label, options}` or `{name, label, placeholder, isMain}`; a range of time is added
 * @param current the query of the URL
 * @param onChange is called with the query that a user has chosen
 */
export function filterForm(label, fields, current, onChange) {
  const hours = current.hours ?? (current.from || current.to ? CUSTOM : "");
  const range = { name: "hours", label: t.filter.created, options: Object.entries(t.filter.ranges) };
  const custom = ["from", "to"].map(name => ({ name, label: t[name](zone()), type: "datetime-local" }));
  return html`
    <form
      class="filters"
      role="search"
      aria-label=${label}
      @submit=${event => event.preventDefault()}
      @change=${event => onChange(chosen(new FormData(event.currentTarget)))}
    >
      ${[...fields, range, ...(hours === CUSTOM ? custom : [])].map(each => field(each, { ...current, hours }))}
    </form>
  `;
}

function field({ name, label, options, placeholder, isMain, type = "search" }, current) {
  const value = current[name] ?? "";
  return html`
    <label>
      ${label}
      ${options
        ? html`
            <select name=${name}>
              ${options.map(([each, text]) => html`<option value=${each} ?selected=${value === each}>${text}</option>`)}
            </select>
          `
        : html`
            <input
              type=${type}
              name=${name}
              step=${type === "search" ? nothing : "1"}
              placeholder=${placeholder ?? nothing}
              aria-keyshortcuts=${isMain ? "/" : nothing}
              autocomplete="off"
              .value=${type === "search" ? value : localInput(value)}
            >
          `}
    </label>
  `;
}

/** The query for a user's input. Only a custom range has a start and an end. */
function chosen(data) {
  const input = Object.fromEntries([...data].map(([name, value]) => [name, value.trim()]));
  const instant = text => (text ? new Date(text).toISOString() : "");
  const isCustom = input.hours === CUSTOM;
  return { ...input, from: isCustom ? instant(input.from) : "", to: isCustom ? instant(input.to) : "" };
}

/** A time in the format of an input for local time. */
export function localInput(time) {
  if (!time) return "";
  const date = new Date(time);
  return new Date(date.getTime() - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 19);
}

/**
 * Links to the first and the next page of a list.
 *
 * @param address the address of the view, without its query
 * @param {Record<string, string>} query the query of the URL
 * @param next the page that follows, or null
 * @param {{ newest: string, older: string }} texts
 */
export function pageLinks(address, { after, ...filter }, next, texts = t.filter) {
  const link = (text, parameters) => html`<a href=${address + query(parameters)}>${text}</a>`;
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
 * @param address the address of the view, without its query
 * @param none what to show if there are no items at all
 * @param more what else to show if the filter matches nothing
 */
export function noItems(address, { after, ...filter }, next, none, more = undefined) {
  if (next !== null) return emptyState(t.filter.noneYet, html`<p>${t.filter.noneYetText}</p>`);
  if (!after && !Object.values(filter).some(Boolean)) return none;
  return emptyState(t.filter.none, more, html`<p><a class="button" href=${address}>${t.filter.clear}</a></p>`);
}
