import { html, nothing } from "lit";
import { api, e, fetchPages } from "../api/api.js";
import { ask } from "./dialog.js";
import { filterParameters } from "../api/query.js";
import { attempt, toast } from "./view.js";
import { t } from "../text/messages.js";
import { session } from "../api/session.js";
import { sentence } from "../text/text.js";
import { resume } from "./webhook-actions.js";

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
  return html`<button type="button" class=${style} @click=${onClick}>${text}</button>`;
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
async function runOnce(button, action) {
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

const MAX_PAGES = 5;

/**
 * Resends the deliveries of all webhooks that a filter matches, after a preview of their number.
 *
 * @param query the filter of the list of all deliveries
 */
export function askToResendMatches(query, onDone, signal) {
  let found = { items: [], next: null };
  const { after: _, ...filter } = query;
  async function update(form) {
    const { status } = form.values;
    show(form, "…", true);
    try {
      const redelivered = status === "FAILED" ? false : null; // skips deliveries that have been resent
      const parameters = { ...filterParameters(filter), status, redelivered };
      const matches = await fetchPages("/deliveries", parameters, MAX_PAGES, signal);
      if (status !== form.values.status) return;
      found = matches;
      const { items, next } = matches;
      show(form, t.resend.matches(items.length, webhooksOf(items), next !== null), items.length === 0);
    } catch (problem) {
      if (problem.status === undefined) throw problem;
      show(form, sentence(problem.message), true, "bad");
    }
  }
  let preview = previewText("…");
  function show(form, text, blocked, kind = "info") {
    preview = previewText(text, kind);
    form.blocked = blocked;
    form.requestUpdate();
  }
  let opened;
  const formOf = async () => (await opened).querySelector("rh-form");
  opened = ask({
    title: t.resend.title,
    text: html`<p>${t.resend.text} ${t.resend.matching}</p>`,
    values: { status: filter.status === "DELIVERED" ? "DELIVERED" : "FAILED" },
    content: form => html`
      ${form.select({ name: "status", label: t.resend.status, options: Object.entries(t.resend.statuses) })}
      ${preview}
    `,
    submit: t.resend.submit,
    onChange: update,
    async send() {
      const form = await formOf();
      await resend(found.items, count => show(form, t.resend.sending(count, found.items.length), true));
      onDone();
    },
  });
  formOf().then(update);
}

/** What a dialog will do, or why it cannot. */
export const previewText = (text, kind = "info") => html`
  <div class="field"><p class="notice ${kind}" role="status">${text}</p></div>
`;

const webhooksOf = deliveries => new Set(deliveries.map(delivery => delivery.webhook)).size;
