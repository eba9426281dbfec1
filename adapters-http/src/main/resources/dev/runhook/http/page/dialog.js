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
  dialog.append(body);
  dialog.addEventListener("close", () => dialog.remove());
  const from = document.activeElement;
  dialog.addEventListener("close", () => from?.isConnected && from.focus());
  document.body.append(dialog);
  dialog.showModal();
  return dialog;
}
