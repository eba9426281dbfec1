import { LitElement, html, nothing } from "lit";
import { live } from "lit/directives/live.js";
import { t } from "../text/messages.js";
import { newId, sentence } from "../text/text.js";

/**
 * A form that shows the errors of the API at its fields.
 *
 * Properties: `values`, the input by field name; `content`, which renders the fields of the form that it is given;
 * `submit`, the text of the button; `send`, which sends the values; `cancel`, a template; `danger`; `blocked`, which
 * disables the button.
 */
class Form extends LitElement {
  static properties = {
    values: { attribute: false },
    content: { attribute: false },
    submit: {},
    send: { attribute: false },
    cancel: { attribute: false },
    danger: { type: Boolean },
    blocked: { type: Boolean },
    isBusy: { state: true },
  };

  prefix = newId("form");
  values = {};
  fields = new Map();
  errors = new Map();
  summary = null;
  cancel = nothing;

  createRenderRoot() {
    return this;
  }

  render() {
    return html`
      <form
        novalidate
        aria-busy=${String(Boolean(this.isBusy))}
        @submit=${this.onSubmit}
        @input=${this.onInput}
        @change=${this.onInput}
      >
        ${this.content(this)}
        <div class="actions">
          <p class="error summary" role="alert" ?hidden=${!this.summary}>${this.summary}</p>
          <button
            class="primary ${this.danger ? "danger" : ""}"
            type="submit"
            aria-disabled=${String(Boolean(this.isBusy || this.blocked))}
          >${this.submit}</button>
          ${this.cancel}
        </div>
      </form>
    `;
  }

  onInput({ target }) {
    const { name, type, value, checked } = target;
    if (!name) return;
    if (type !== "checkbox") this.change({ [name]: value });
    else if (!Array.isArray(this.values[name])) this.change({ [name]: checked });
    else {
      const others = this.values[name].filter(each => each !== value);
      this.change({ [name]: checked ? [...others, value] : others });
    }
  }

  /** Changes the input. The form itself has an event `change` then. */
  change(values) {
    Object.assign(this.values, values);
    this.requestUpdate();
    this.dispatchEvent(new Event("change"));
  }

  /** A disabled button would lose the focus, so it only looks disabled. */
  async onSubmit(event) {
    event.preventDefault();
    if (this.isBusy || this.blocked) return;
    this.errors.clear();
    this.summary = null;
    this.isBusy = true;
    try {
      await this.send(this.values);
    } catch (problem) {
      if (problem.status === undefined) throw problem;
      await this.showErrors(problem);
    } finally {
      this.isBusy = false;
    }
  }

  async showErrors(problem) {
    const fields = [...this.fields.values()];
    const owner = fields.find(field => field.kind && field.kind === problem.kind);
    const isOwned = owner && problem.errors.length === 0;
    const errors = isOwned ? [{ pointer: owner.pointer, detail: problem.message }] : problem.errors;
    const others = [];
    for (const { pointer, detail } of errors) {
      const field = fields.find(each => pointer === each.pointer || pointer?.startsWith(each.pointer + "/"));
      if (!field) others.push(pointer ? `${pointer}: ${detail}` : detail);
      else this.addError(field.name, withPart(pointer.slice(field.pointer.length + 1), detail));
    }
    if (this.errors.size === 0 || others.length) this.summary = sentence(others.join("; ") || problem.message);
    this.requestUpdate();
    await this.updateComplete;
    const first = this.querySelector('[aria-invalid="true"]');
    for (let outer = first?.closest("details"); outer; outer = outer.parentElement.closest("details")) {
      outer.setAttribute("open", "");
    }
    (first?.matches("fieldset") ? first.querySelector("input, button") : first)?.focus();
  }

  addError(name, text) {
    this.errors.set(name, this.errors.has(name) ? `${this.errors.get(name)}; ${text}` : text);
  }

  /**
   * A text field.
   *
   * pointer: the JSON Pointer of the value in the request body; kind: a problem type that belongs to this field;
   * suggestions: pairs of a value and its text
   */
  text({ type = "text", placeholder, inputmode, required, step, suggestions, ...field }) {
    return this.field(field, ids => html`
      <input
        id=${ids.input}
        name=${field.name}
        type=${type}
        .value=${live(this.values[field.name] ?? "")}
        placeholder=${placeholder ?? nothing}
        inputmode=${inputmode ?? nothing}
        step=${step ?? nothing}
        list=${suggestions ? `${ids.input}-list` : nothing}
        aria-required=${required ? "true" : nothing}
        aria-describedby=${ids.description}
        aria-invalid=${this.errors.has(field.name) || nothing}
        autocomplete="off"
        spellcheck="false"
      >
      ${suggestions
        ? html`
            <datalist id="${ids.input}-list">
              ${suggestions.map(([value, text]) => html`<option value=${value}>${text}</option>`)}
            </datalist>
          `
        : nothing}
    `);
  }

  textarea({ rows = 5, ...field }) {
    return this.field(field, ids => html`
      <textarea
        id=${ids.input}
        name=${field.name}
        rows=${rows}
        .value=${live(this.values[field.name] ?? "")}
        aria-describedby=${ids.description}
        aria-invalid=${this.errors.has(field.name) || nothing}
        spellcheck="false"
      ></textarea>
    `);
  }

  /** @param options pairs of a value and its text */
  select({ options, ...field }) {
    return this.field(field, ids => html`
      <select
        id=${ids.input}
        name=${field.name}
        aria-describedby=${ids.description}
        aria-invalid=${this.errors.has(field.name) || nothing}
      >
        ${options.map(
          ([value, text]) => html`
            <option value=${value} .selected=${live(value === (this.values[field.name] ?? ""))}>${text}</option>
          `,
        )}
      </select>
    `);
  }

  /**
   * A field with an input, a label, a hint and space for an error.
   *
   * @param {any} description
   */
  field({ name, pointer = `/${name}`, kind, label, hint, buttons = nothing }, input) {
    this.fields.set(name, { name, pointer, kind });
    const id = `${this.prefix}-${name}`;
    const ids = { input: id, description: hint ? `${id}-hint ${id}-error` : `${id}-error` };
    return html`
      <div class="field">
        <label for=${id}>${label}</label>
        ${buttons === nothing ? input(ids) : html`<div class="row">${input(ids)}${buttons}</div>`}
        ${hint ? html`<p class="hint" id="${id}-hint">${hint}</p>` : nothing}
        ${this.errorText(name)}
      </div>
    `;
  }

  /**
   * A group of inputs.
   *
   * @param {any} description
   */
  group({ name, pointer = `/${name}`, label, hint }, content) {
    this.fields.set(name, { name, pointer });
    return html`
      <fieldset
        class="field"
        aria-describedby="${this.prefix}-${name}-error"
        aria-invalid=${this.errors.has(name) || nothing}
      >
        <legend>${label}</legend>
        ${hint ? html`<p class="hint">${hint}</p>` : nothing}
        ${content}
        ${this.errorText(name)}
      </fieldset>
    `;
  }

  /**
   * A group of checkboxes.
   *
   * @param options pairs of a value and its text
   * @param style `column` for one option per line
   */
  checks({ options, style = "", ...group }) {
    const chosen = this.values[group.name];
    return this.group(group, html`
      <div class="checks ${style}">
        ${options.map(([value, text]) => checkbox(group.name, value, chosen.includes(value), text))}
      </div>
    `);
  }

  /** One checkbox. */
  check({ name, label }) {
    return html`<div class="field">${checkbox(name, "on", this.values[name], label)}</div>`;
  }

  errorText(name) {
    const text = this.errors.get(name);
    const id = `${this.prefix}-${name}-error`;
    return html`<p class="error" id=${id} ?hidden=${!text}>${text ? sentence(text) : nothing}</p>`;
  }
}

customElements.define("rh-form", Form);

function checkbox(name, value, checked, text) {
  return html`
    <label class="check">
      <input type="checkbox" name=${name} value=${value} .checked=${live(checked)}><span>${text}</span>
    </label>
  `;
}

/** Adds the name or number of the invalid part to the error of a field. */
function withPart(part, detail) {
  if (/^\d+$/.test(part)) return t.texts.errors.field(Number(part) + 1, detail);
  return part === "" || detail.includes(`"${part}"`) ? detail : `${part} ${detail}`;
}
