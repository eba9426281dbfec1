import { html } from "lit";
import { t } from "../text/messages.js";

/** The menu of a filter, and the completions of what is typed into its field. */
export const menu = filter => html`
  <div id="filter-menu" class="menu" popover>
    ${filter.fields.map(field => (field.options
      ? html`
          <details name="filter-menu">
            <summary>${field.label}</summary>
            <ul>${field.options.map(option => item(filter, field, option))}</ul>
          </details>
        `
      : html`
          <button type="button" class="plain" @click=${() => filter.begin(field.key)}>
            ${t.filter.more(field.label)}
          </button>
        `))}
  </div>
  <datalist id="filter-values">
    ${filter.fields.flatMap(({ key, options = [["", ""]] }) =>
      options.map(([value, text]) => html`<option value="${key}:${typed(value)}">${text}</option>`))}
  </datalist>
`;

const item = (filter, { name }, [value, text]) => html`
  <li><button type="button" class="plain small" @click=${() => filter.pick(name, value)}>${text}</button></li>
`;

/** A value as it is typed: one word in lower case. */
const typed = value => value.toLowerCase().replaceAll("_", "-");
