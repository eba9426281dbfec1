import { html, nothing } from "lit";
import { api, e } from "../../api/api.js";
import { copy } from "../clipboard.js";
import { attempt, toast } from "../view.js";
import { t } from "../../text/messages.js";
import { session } from "../../api/session.js";
import { resume } from "../webhook-actions.js";

/**
 * The button that a delivery needs: "Retry now" while it waits for a retry, "Resume now" while its webhook is paused,
 * and "Redeliver" when it has finished. No button helps one that is sent or due, or that its lane blocks.
 *
 * @param delivery needs `id`, `stack`, `webhook` and `phase`
 * @param onDone is called after success, with the redelivery if there is one
 * @param style a class of the button
 */
export function deliveryAction(delivery, onDone, style = "") {
  const offered = actionOf(delivery);
  if (!offered || !session.may("admin")) return nothing;
  const { text, action } = offered;
  const onClick = event => runOnce(event.currentTarget, () => action(delivery, onDone));
  return html`<button type="button" class=${style} aria-keyshortcuts="r" @click=${onClick}>${text}</button>`;
}

/** Does what the button would do, if the delivery has one. */
export async function act(delivery, onDone) {
  const offered = session.may("admin") ? actionOf(delivery) : null;
  await offered?.action(delivery, onDone);
}

/** Copies a command that sends the request of a delivery again. */
export async function copyCurl({ id }) {
  const command = Promise.all([import("./exchange.js"), api.get(`/deliveries/${e(id)}`)]).then(
    ([{ curlOf }, { request }]) => curlOf(request),
  );
  toast((await copy(command)) ? t.texts.clipboard.copied : t.texts.clipboard.failed);
}

function actionOf({ phase, resentAs }) {
  if (phase === "RETRYING") return { text: t.delivery.retry, action: retry };
  if (phase === "PAUSED") return { text: t.webhook.resume, action: resumeWebhook };
  if (!["DELIVERED", "FAILED", "CANCELED"].includes(phase)) return null;
  return { text: resentAs ? t.delivery.redeliverAgain : t.delivery.redeliver, action: redeliver };
}

const resumeWebhook = ({ stack, webhook }, onDone) => resume({ stack, id: webhook }, () => onDone());

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

/** Runs the action of a button, which is disabled while it runs. */
export async function runOnce(button, action) {
  if (button.ariaDisabled === "true") return;
  button.ariaDisabled = "true";
  try {
    await attempt(action);
  } finally {
    button.ariaDisabled = null;
  }
}

/**
 * Redelivers several deliveries one after another, the oldest first, so that each run keeps its order.
 *
 * @param deliveries the newest first
 * @param onProgress is called with the number of deliveries that were redelivered or refused
 */
export async function resend(deliveries, onProgress = _count => {}) {
  const problems = [];
  for (const [i, { id }] of deliveries.toReversed().entries()) {
    onProgress(i);
    await attempt(() => api.post(`/deliveries/${e(id)}/redeliver`, {}), problem => problems.push(problem));
  }
  toast(t.deliveryList.resent(deliveries.length - problems.length, problems.length, problems[0]?.message));
}
