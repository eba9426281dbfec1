import { html, nothing, render } from "lit";
import "./form.js";
import { t } from "../text/messages.js";
import { newId } from "../text/text.js";
import { restoreFocus } from "./view.js";

/**
 * Opens a dialog that confirms an action and asks for its parameters. The input is kept if the API rejects it.
 *
 * @param text what the user confirms
 * @param content renders the fields, see `rh-form`
 * @param send runs the action with the values; the dialog stays open if it returns a template, which it then shows
 * @param onChange is called with the form whenever the input changes
 */
export async function ask({ title, submit, send, values = {}, danger = false, ...optional }) {
  const { text, content, onChange } = optional;
  const { dialog, show } = newDialog(title);
  const close = () => dialog.close();
  const cancel = html`
    <button type="button" ?autofocus=${danger && !content} @click=${close}>${t.cancel}</button>
  `;
  const submitted = async input => {
    const result = await send(input);
    if (!result) return close();
    show(html`${result}${closeButton(close)}`);
    dialog.querySelector("button").focus();
  };
  show(html`
    <rh-form
      .values=${values}
      .content=${form => html`${text ?? nothing}${content ? content(form) : nothing}`}
      .send=${submitted}
      .cancel=${cancel}
      submit=${submit}
      ?danger=${danger}
      @input=${event => onChange?.(event.currentTarget)}
      @change=${event => onChange?.(event.currentTarget)}
    ></rh-form>
  `);
  await dialog.querySelector("rh-form").updateComplete;
  dialog.showModal();
  return dialog;
}

/** Opens a dialog that asks for nothing. */
export function inform(title, content) {
  const { dialog, show } = newDialog(title);
  show(html`${content}${closeButton(() => dialog.close())}`);
  dialog.showModal();
}

/**
 * A dialog that is not open yet, and a function that renders its content. It is removed when it is closed, and the
 * focus returns to where it was.
 */
function newDialog(title) {
  const id = newId("dialog");
  const dialog = document.createElement("dialog");
  dialog.setAttribute("aria-labelledby", id);
  dialog.addEventListener("keydown", event => trapFocus(dialog, event));
  const opener = document.activeElement;
  dialog.addEventListener("close", () => {
    dialog.remove();
    restoreFocus(opener);
  });
  document.body.append(dialog);
  return { dialog, show: content => render(html`<h2 id=${id}>${title}</h2>${content}`, dialog) };
}

const closeButton = close => html`
  <div class="actions more"><button type="button" class="primary" autofocus @click=${close}>${t.close}</button></div>
`;

/** Keeps the Tab key inside the dialog: the first control follows the last one. */
function trapFocus(dialog, event) {
  if (event.key !== "Tab") return;
  const controls = [...dialog.querySelectorAll("input, select, button, textarea")];
  const [edge, next] = event.shiftKey ? [controls[0], controls.at(-1)] : [controls.at(-1), controls[0]];
  if (document.activeElement !== edge) return;
  event.preventDefault();
  next.focus();
}
