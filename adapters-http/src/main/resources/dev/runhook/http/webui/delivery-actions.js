import { html, nothing } from "lit";
import { api, e } from "./api.js";
import { toast } from "./view.js";
import { session } from "./session.js";

/// The button that a delivery needs: a waiting one can be retried now, and a finished one redelivered.
///
/// @param delivery needs `id` and `status`
/// @param onDone is called after success, with the redelivery if there is one
/// @param style a class of the button
export function deliveryAction(delivery, onDone, style = "") {
  if (!session.may("admin")) return nothing;
  const [text, action] = delivery.status === "PENDING" ? ["Retry now", retry] : ["Redeliver", redeliver];
  const onClick = event => runOnce(event.currentTarget, () => action(delivery, onDone));
  return html`<button type="button" class=${style} @click=${onClick}>${text}</button>`;
}

async function retry({ id }, onDone) {
  await api.post(`/deliveries/${e(id)}/retry`, {});
  toast("Sent now");
  await onDone();
}

async function redeliver({ id }, onDone) {
  const redelivery = await api.post(`/deliveries/${e(id)}/redeliver`, {});
  toast("Redelivery queued");
  await onDone(redelivery);
}

/// Runs the action of a button, which is inactive meanwhile.
async function runOnce(button, action) {
  if (button.ariaDisabled === "true") return;
  button.ariaDisabled = "true";
  try {
    await action();
  } catch (problem) {
    if (problem.status === undefined) throw problem;
    toast(problem.message);
  } finally {
    button.ariaDisabled = null;
  }
}
