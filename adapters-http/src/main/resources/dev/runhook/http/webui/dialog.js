import { h } from "./dom.js";
import { newId } from "./text.js";
import { form } from "./form.js";

/// Opens a dialog that confirms an action and asks for its parameters. The input is kept if the API rejects it.
export function ask({ title, text = [], fields = [], submit, danger = false, send }) {
  const id = newId("dialog");
  const dialog = h("dialog", { "aria-labelledby": id }, h("h2", { id }, title));
  const cancel = h("button", { type: "button", onclick: () => dialog.close() }, "Cancel");
  const body = form({
    class: "bare",
    fields,
    submit,
    cancel,
    async send() {
      await send();
      dialog.close();
    },
  });
  body.prepend(...text);
  if (danger) body.querySelector('button[type="submit"]').classList.add("danger");
  cancel.autofocus = danger && fields.length === 0;
  dialog.append(body);
  dialog.addEventListener("close", () => dialog.remove());
  dialog.addEventListener("keydown", event => trapFocus(dialog, event));
  const opener = document.activeElement;
  dialog.addEventListener("close", () => opener?.isConnected && opener.focus());
  document.body.append(dialog);
  dialog.showModal();
  return dialog;
}

/// Keeps the Tab key inside the dialog: the first control follows the last one.
function trapFocus(dialog, event) {
  if (event.key !== "Tab") return;
  const controls = [...dialog.querySelectorAll("input, select, button")];
  const [edge, next] = event.shiftKey ? [controls[0], controls.at(-1)] : [controls.at(-1), controls[0]];
  if (document.activeElement !== edge) return;
  event.preventDefault();
  next.focus();
}
