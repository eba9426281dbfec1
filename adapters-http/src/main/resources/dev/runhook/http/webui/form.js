import { h } from "./dom.js";
import { newId } from "./text.js";

/// A form field with a label, a hint and room for an error.
///
/// pointer: the JSON Pointer of the value in the request body; kind: a problem type that belongs to this field
export function field({ pointer, kind, label, hint, input, control = input, buttons = [] }) {
  const id = newId("field");
  input.id ||= id;
  const error = h("p", { class: "error", id: `${id}-error`, hidden: true });
  const help = hint ? h("p", { class: "hint", id: `${id}-hint` }, hint) : null;
  input.setAttribute("aria-describedby", [hint ? help.id : "", error.id].join(" ").trim());
  const element = h(
    "div",
    { class: "field" },
    h("label", { for: input.id }, label),
    buttons.length ? h("div", { class: "row" }, control, buttons) : control,
    help,
    error,
  );
  return Object.assign(element, { pointer, kind, input, error });
}

/// A group of inputs, such as checkboxes.
export function group({ pointer, label, hint }, ...children) {
  const id = newId("group");
  const error = h("p", { class: "error", id: `${id}-error`, hidden: true });
  const element = h(
    "fieldset",
    { class: "field", "aria-describedby": error.id },
    h("legend", {}, label),
    hint ? h("p", { class: "hint" }, hint) : null,
    children,
    error,
  );
  return Object.assign(element, { pointer, input: element, error });
}

/// A form that shows the errors of the API at its fields.
export function form({ fields, submit, send, cancel, class: style = "card" }) {
  const summary = h("p", { class: "error summary", role: "alert", hidden: true });
  const button = h("button", { class: "primary", type: "submit" }, submit);
  const actions = h("div", { class: "actions" }, button, cancel);
  const element = h("form", { class: style, novalidate: true }, fields, summary, actions);
  element.addEventListener("submit", async event => {
    event.preventDefault();
    if (element.ariaBusy === "true") return;
    clearErrors(fields, summary);
    button.setAttribute("aria-disabled", "true"); // a disabled button would lose the focus
    element.ariaBusy = "true";
    try {
      await send();
    } catch (problem) {
      if (problem.status === undefined) throw problem;
      showErrors(problem, fields, summary);
    } finally {
      button.removeAttribute("aria-disabled");
      element.ariaBusy = null;
    }
  });
  return element;
}

function clearErrors(fields, summary) {
  summary.hidden = true;
  for (const each of fields) {
    each.error.hidden = true;
    each.input.removeAttribute("aria-invalid");
  }
}

function showErrors(problem, fields, summary) {
  const otherErrors = [];
  let first = null;
  const owner = fields.find(each => each.kind && each.kind === problem.kind);
  const errors =
    owner && problem.errors.length === 0 ? [{ pointer: owner.pointer, detail: problem.message }] : problem.errors;
  for (const { pointer, detail } of errors) {
    const target = fields.find(each => pointer === each.pointer || pointer?.startsWith(each.pointer + "/"));
    if (!target) {
      otherErrors.push(pointer ? `${pointer}: ${detail}` : detail);
      continue;
    }
    const text = withPart(pointer.slice(target.pointer.length + 1), detail);
    target.error.textContent = target.error.hidden ? text : `${target.error.textContent}; ${text}`;
    target.error.hidden = false;
    target.input.setAttribute("aria-invalid", "true");
    target.closest("details")?.setAttribute("open", "");
    first ??= target;
  }
  if (!first || otherErrors.length) {
    summary.textContent = otherErrors.length ? otherErrors.join("; ") : problem.message;
    summary.hidden = false;
  }
  (first?.input.matches("input, textarea, select") ? first.input : first?.querySelector("input, button"))?.focus();
}

/// Adds the name or number of the part that is wrong to the error of a field.
function withPart(part, detail) {
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

export function checkedOf(element, name) {
  return [...element.querySelectorAll(`input[name="${name}"]:checked`)].map(box => box.value);
}
