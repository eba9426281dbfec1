import { h, newId } from "./dom.js";
import { form } from "./form.js";

/// Asks before something that cannot be taken back, and whatever it needs to know; keeps what was
/// typed where the API says no.
export function ask({ title, say = [], fields = [], submit, danger = false, send }) {
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
  body.prepend(...say);
  if (danger) body.querySelector('button[type="submit"]').classList.add("danger");
  cancel.autofocus = danger && fields.length === 0;
  dialog.append(body);
  dialog.addEventListener("close", () => dialog.remove());
  dialog.addEventListener("keydown", event => turn(dialog, event));
  const from = document.activeElement;
  dialog.addEventListener("close", () => from?.isConnected && from.focus());
  document.body.append(dialog);
  dialog.showModal();
  return dialog;
}

/// Past the last stop comes the first, and before the first the last: what lies behind is out of reach.
function turn(dialog, event) {
  if (event.key !== "Tab") return;
  const stops = [...dialog.querySelectorAll("input, select, button")];
  const [edge, next] = event.shiftKey ? [stops[0], stops.at(-1)] : [stops.at(-1), stops[0]];
  if (document.activeElement !== edge) return;
  event.preventDefault();
  next.focus();
}
