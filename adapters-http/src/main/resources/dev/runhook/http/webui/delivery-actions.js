import { html, nothing } from "lit";
import { api, e } from "./api.js";
import { toast } from "./view.js";
import { t } from "./messages.js";
import { session } from "./session.js";

/// The button that a delivery needs: a waiting one can be retried now, and a finished one redelivered.
///
/// @param delivery needs `id` and `status`
/// @param onDone is called after success, with the redelivery if there is one
/// @param style a class of the button
export function deliveryAction(delivery, onDone, style = "") {
  if (!session.may("admin")) return nothing;
  const [text, action] = delivery.status === "PENDING" ? [t.delivery.retry, retry] : [t.delivery.redeliver, redeliver];
  const onClick = event => runOnce(event.currentTarget, () => action(delivery, onDone));
  return html`<button type="button" class=${style} @click=${onClick}>${text}</button>`;
}

async function retry({ id }, onDone) {
  await api.post(`/deliveries/${e(id)}/retry`, {});
  toast(t.delivery.retried);
  await onDone();
}

async function redeliver({ id }, onDone) {
  const redelivery = await api.post(`/deliveries/${e(id)}/redeliver`, {});
  toast(t.delivery.redelivered);
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

/// Redelivers several deliveries, one after another so that each run keeps its order, the oldest first.
///
/// @param deliveries the newest first
export async function resend(deliveries) {
  const problems = [];
  for (const { id } of deliveries.toReversed()) {
    try {
      await api.post(`/deliveries/${e(id)}/redeliver`, {});
    } catch (problem) {
      if (problem.status === undefined) throw problem;
      problems.push(problem);
    }
  }
  toast(t.deliveryList.resent(deliveries.length - problems.length, problems.length, problems[0]?.message));
}
