import { h, newId } from "./dom.js";

/// One thing to fill in, with its label, what it is for, and a place for what is wrong with it.
///
/// pointer: where its value is in the body, as the API names it; kind: of a problem that is its own
export function field({ pointer, kind, label, hint, input, control = input, beside = [] }) {
  const id = newId("field");
  input.id ||= id;
  const error = h("p", { class: "error", id: `${id}-error`, hidden: true });
  const help = hint ? h("p", { class: "hint", id: `${id}-hint` }, hint) : null;
  input.setAttribute("aria-describedby", [hint ? help.id : "", error.id].join(" ").trim());
  const whole = h(
    "div",
    { class: "field" },
    h("label", { for: input.id }, label),
    beside.length ? h("div", { class: "row" }, control, beside) : control,
    help,
    error,
  );
  return Object.assign(whole, { pointer, kind, input, error });
}

/// Several things that belong together, such as checkboxes.
export function group({ pointer, label, hint }, ...children) {
  const id = newId("group");
  const error = h("p", { class: "error", id: `${id}-error`, hidden: true });
  const whole = h(
    "fieldset",
    { class: "field", "aria-describedby": error.id },
    h("legend", {}, label),
    hint ? h("p", { class: "hint" }, hint) : null,
    children,
    error,
  );
  return Object.assign(whole, { pointer, input: whole, error });
}

/// A form that says what the API says, where it says it.
export function form({ fields, submit, send, cancel, class: style = "card" }) {
  const summary = h("p", { class: "error summary", role: "alert", hidden: true });
  const button = h("button", { class: "primary", type: "submit" }, submit);
  const whole = h("form", { class: style, novalidate: true }, fields, summary, h("div", { class: "actions" }, button, cancel));
  whole.addEventListener("submit", async event => {
    event.preventDefault();
    if (whole.ariaBusy === "true") return;
    clear(fields, summary);
    button.setAttribute("aria-disabled", "true"); // disabled, it would lose the focus
    whole.ariaBusy = "true";
    try {
      await send();
    } catch (problem) {
      if (problem.status === undefined) throw problem;
      tell(problem, fields, summary);
    } finally {
      button.removeAttribute("aria-disabled");
      whole.ariaBusy = null;
    }
  });
  return whole;
}

function clear(fields, summary) {
  summary.hidden = true;
  for (const each of fields) {
    each.error.hidden = true;
    each.input.removeAttribute("aria-invalid");
  }
}

function tell(problem, fields, summary) {
  const rest = [];
  let first = null;
  const own = fields.find(each => each.kind && each.kind === problem.kind);
  const errors = own && problem.errors.length === 0 ? [{ pointer: own.pointer, detail: problem.message }] : problem.errors;
  for (const { pointer, detail } of errors) {
    const place = fields.find(each => pointer === each.pointer || pointer?.startsWith(each.pointer + "/"));
    if (!place) {
      rest.push(pointer ? `${pointer}: ${detail}` : detail);
      continue;
    }
    const words = within(pointer.slice(place.pointer.length + 1), detail);
    place.error.textContent = place.error.hidden ? words : `${place.error.textContent}; ${words}`;
    place.error.hidden = false;
    place.input.setAttribute("aria-invalid", "true");
    place.closest("details")?.setAttribute("open", "");
    first ??= place;
  }
  if (!first || rest.length) {
    summary.textContent = rest.length ? rest.join("; ") : problem.message;
    summary.hidden = false;
  }
  (first?.input.matches("input, textarea, select") ? first.input : first?.querySelector("input, button"))?.focus();
}

/// The name of a part, or the number of one that has no name.
function within(part, detail) {
  if (/^\d+$/.test(part)) return `number ${Number(part) + 1} ${detail}`;
  return part === "" || detail.includes(`"${part}"`) ? detail : `${part} ${detail}`;
}

export function checks(name, values, chosen) {
  return values.map(value =>
    h(
      "label",
      { class: "check" },
      h("input", { type: "checkbox", name, value, checked: chosen.includes(value) }),
      h("span", {}, value),
    ),
  );
}

export function checkedOf(whole, name) {
  return [...whole.querySelectorAll(`input[name="${name}"]:checked`)].map(box => box.value);
}
