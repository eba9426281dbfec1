import { LitElement, html, nothing } from "lit";
import { CUSTOM } from "../api/query.js";
import { t } from "../text/messages.js";
import { sentence } from "../text/text.js";
import { zone } from "../text/time.js";
import { stateName } from "./status-badges.js";

/** A filter that has one of some values. Each value is a name of an enum or a pair of a value and its text. */
export function choice(name, label, values, key = name) {
  return { name, label, key, options: values.map(each => (Array.isArray(each) ? each : [each, stateName(each)])) };
}

/** The filter by the time at which something was created. A custom range has fields of its own. */
export const CREATED = choice("hours", t.filter.created, Object.entries(t.filter.ranges), "created");
const TIMES = ["from", "to"];

/**
 * The filter of a list: one field for all of its parts, such as `status:failed code:503`, a button for each part that
 * is chosen, which removes it, and a menu of all parts, which is loaded when it is needed.
 *
 * Properties: `label`; `fields`, as `{name, label, key, options, isMain}`, of which the main one takes what is typed
 * without a key; `query`, the chosen values by name; `refusal`, a problem of the API or null; `onChoose`, which is
 * called with the new values.
 */
class Filter extends LitElement {
  static properties = {
    label: {},
    fields: { attribute: false },
    query: { attribute: false },
    refusal: { attribute: false },
    unknown: { state: true },
  };

  createRenderRoot() {
    return this;
  }

  /** @returns {HTMLInputElement} */
  get input() {
    return this.querySelector("[name=filter]");
  }

  get isCustom() {
    const { hours, from, to } = this.query;
    return hours === CUSTOM || (hours === undefined && Boolean(from || to));
  }

  choose(chosen) {
    const { after, open, ...current } = this.query;
    this.unknown = undefined;
    this.onChoose(withoutTimes({ ...current, ...chosen }));
  }

  /** Adds what is typed. What no part of the filter knows stays in the field. */
  apply() {
    const { chosen, unknown } = parsed(this.input.value, this.fields);
    this.unknown = unknown;
    if (unknown) return;
    this.input.value = "";
    /** @type {NodeListOf<HTMLInputElement>} */
    const times = this.querySelectorAll("[type=datetime-local]");
    for (const { name, value } of times) {
      chosen[name] = value ? new Date(value).toISOString() : "";
    }
    this.choose(chosen);
  }

  /** The menu, and the values that complete what is typed. */
  async loadMenu() {
    this.menu ??= (await import("./filter-menu.js")).menu;
    this.requestUpdate();
    await this.updateComplete;
  }

  /** @returns {HTMLElement} */
  get popup() {
    return this.querySelector("[popover]");
  }

  /** Opens the menu for the first time. From then on, the browser opens and closes it. */
  async onMenu({ currentTarget: source }) {
    if (this.popup) return;
    await this.loadMenu();
    /** @type {any} */ (this.popup).showPopover({ source });
  }

  onSubmit(event) {
    event.preventDefault();
    if (this.input.value) this.apply();
  }

  /** Enter changes and then submits the form, which the choice of a filter may remove. */
  onChange({ target }) {
    setTimeout(() => {
      if (target !== this.input || target.value) this.apply();
    }, 0);
  }

  pick(name, value) {
    this.popup.hidePopover();
    this.choose({ [name]: value });
    this.input.focus();
  }

  /** Begins to type a part that has no fixed values. */
  begin(key) {
    this.popup.hidePopover();
    const { input } = this;
    input.value = `${input.value.trim()} ${key}:`.trimStart();
    input.focus();
  }

  remove({ name }) {
    this.choose(name === "hours" ? { hours: "", from: "", to: "" } : { [name]: "" });
    this.input.focus();
  }

  onKey(event) {
    const last = this.chips.at(-1);
    if (event.key === "Backspace" && event.target.value === "" && last) this.remove(last.field);
  }

  /** The parts that are chosen, with their texts. */
  get chips() {
    return this.fields
      .map(field => ({ field, value: field.name === "hours" && this.isCustom ? CUSTOM : this.query[field.name] }))
      .filter(({ value }) => value)
      .map(({ field, value }) => ({ field, text: field.options?.find(([each]) => each === value)?.[1] ?? value }));
  }

  render() {
    const { refusal, unknown, isCustom } = this;
    const problem = unknown ?? (refusal ? this.refused() : undefined);
    return html`
      <form
        class="filters"
        role="search"
        aria-label=${this.label}
        @submit=${event => this.onSubmit(event)}
        @change=${event => this.onChange(event)}
      >
        <div class="chips">
          ${this.chips.map(chip => this.chip(chip))}
          <input
            type="search"
            name="filter"
            aria-label=${t.filter.field}
            aria-keyshortcuts="/"
            aria-invalid=${problem ? "true" : nothing}
            placeholder=${this.chips.length > 0 ? nothing : t.filter.placeholder(this.fields)}
            list="filter-values"
            autocomplete="off"
            @focus=${() => this.loadMenu()}
            @keydown=${event => this.onKey(event)}
          >
        </div>
        <button type="button" popovertarget="filter-menu" @click=${event => this.onMenu(event)}>
          ${t.filter.add}
        </button>
        ${this.menu?.(this) ?? nothing}
        ${isCustom ? TIMES.map(name => timeField(name, this.query[name])) : nothing}
        <p class="error" role="alert" ?hidden=${!problem}>${problem ?? nothing}</p>
      </form>
    `;
  }

  chip({ field, text }) {
    const isRefused = this.refusal?.errors.some(({ parameter }) => parameter === field.name);
    return html`
      <button
        type="button"
        class="chip ${isRefused ? "bad" : ""}"
        title=${t.filter.remove}
        @click=${() => this.remove(field)}
      >${field.label}: <b dir="auto">${text}</b><span class="unseen">, ${t.filter.remove}</span></button>
    `;
  }

  /** What the API says about the parts that it refuses. */
  refused() {
    const named = ({ parameter, detail }) => {
      const field = this.fields.find(({ name }) => name === parameter);
      return field ? detail.replace(`${parameter}:`, field.label) : detail;
    };
    return sentence(this.refusal.errors.map(named).join("; ") || this.refusal.message);
  }
}

customElements.define("rh-filter", Filter);

/** Only a custom range has a start and an end. */
function withoutTimes(chosen) {
  const isCustom = chosen.hours === CUSTOM || (!chosen.hours && (chosen.from || chosen.to));
  return isCustom ? chosen : { ...chosen, from: "", to: "" };
}

const timeField = (name, value) => html`
  <label>
    ${t[name](zone())}
    <input type="datetime-local" name=${name} step="1" .value=${localInput(value)}>
  </label>
`;

/** A time in the format of an input for local time. */
export function localInput(time) {
  if (!time) return "";
  const date = new Date(time);
  return new Date(date.getTime() - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 19);
}

const plain = text => text.toLowerCase().replace(/[^a-z0-9]/g, "");

/**
 * The values of a filter by the names of its fields, for a text such as `status:failed code:503 run-1`. Quotes hold
 * words together.
 *
 * @returns {{ chosen: Record<string, string>, unknown?: string }} `unknown` is what is wrong with a part that no field
 * knows
 */
export function parsed(text, fields) {
  /** @type {Record<string, string>} */
  const chosen = {};
  for (const [part, key, quoted, word] of text.matchAll(/(?:([a-z]+):)?(?:"([^"]*)"|(\S+))/gi)) {
    const value = quoted ?? word;
    const isNamed = ({ key: known, name, label }) => [known, name, label].map(plain).includes(plain(key));
    const field = fields.find(each => (key === undefined ? each.isMain : isNamed(each)));
    if (!field) return { chosen, unknown: t.filter.unknown(part) };
    const option = field.options?.find(([each, name]) => [plain(each), plain(name)].includes(plain(value)));
    if (field.options && !option) return { chosen, unknown: t.filter.unknownValue(field.label, value) };
    chosen[field.name] = option ? option[0] : value;
  }
  return { chosen };
}
