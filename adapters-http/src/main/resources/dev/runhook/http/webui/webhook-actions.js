import { html, nothing } from "lit";
import { live } from "lit/directives/live.js";
import { h } from "./dom.js";
import { api, e } from "./api.js";
import { toast } from "./view.js";
import "./switch.js";
import { ask } from "./dialog.js";
import { field } from "./form.js";
import { HOURS } from "./failures.js";
import { session } from "./session.js";
import { plural } from "./text.js";
import { outcomeBadge, deliveryBadge, describeStatus, isDisabledByUser } from "./status-badges.js";
import { duration, withLocalTimes } from "./time.js";

/// Actions on an existing webhook.

export const pathOf = webhook => `/stacks/${e(webhook.stack)}/webhooks/${e(webhook.id)}`;

/// The webhook that was added last, until the list has highlighted it.
export const added = { id: null };

const nameOf = webhook => webhook.name || webhook.endpoint;

/// The switch that enables or disables a webhook. It follows changes that are made elsewhere.
export function enabledSwitch(webhook, onChange) {
  const describe = on => {
    if (!on) return "Events are not delivered";
    return webhook.decryptionError || webhook.status.state === "PAUSED" ? "Events are queued" : "Events are delivered";
  };
  const change = async enabled => {
    try {
      const updated = await api.patch(pathOf(webhook), { enabled });
      onChange(updated);
      return updated.enabled;
    } catch (problem) {
      if (problem.status === undefined) throw problem;
      toast(problem.message);
      return !enabled;
    }
  };
  return html`
    <rh-switch label="Enabled" .on=${live(webhook.enabled)} .describe=${describe} .change=${change}></rh-switch>
  `;
}

/// Runs an action whose problem is shown as a message.
async function attempt(action) {
  try {
    await action();
  } catch (problem) {
    if (problem.status === undefined) throw problem;
    toast(problem.message);
  }
}

/// The status of a webhook that has a problem, with the buttons that solve it.
///
/// @param failures the deliveries that failed permanently in the last 24 hours
/// @param onChange is called with the changed webhook
export function statusNotice(webhook, failures, onChange, style = "") {
  const text = describeStatus(webhook);
  if (!text && failures.count === 0) return nothing;
  const isBad = webhook.decryptionError || (!text && failures.count > 0);
  const kind = isBad ? "bad" : isDisabledByUser(webhook) ? "idle" : "";
  return html`
    <div class="notice ${kind} ${style}">
      ${text ? html`<p>${text}</p>` : nothing}
      ${failures.count > 0 ? failureText(webhook, failures) : nothing}
      ${session.may("admin") ? statusActions(webhook, onChange) : nothing}
    </div>
  `;
}

function failureText(webhook, failures) {
  const base = `#/stacks/${e(webhook.stack)}/settings/integrations/${e(webhook.id)}/deliveries`;
  const deliveries = failures.text === "1" ? "1 delivery" : `${failures.text} deliveries`;
  return html`
    <p>
      ${deliveries} failed permanently in the last ${HOURS} hours.
      <a href="${base}?status=FAILED&hours=${HOURS}" aria-label="Review failed deliveries of ${nameOf(webhook)}">
        Review and resend
      </a>
    </p>
  `;
}

function statusActions(webhook, onChange) {
  const button = (text, action) => html`
    <div class="actions">
      <button type="button" class="small" aria-label="${text}: ${nameOf(webhook)}" @click=${() => attempt(action)}>
        ${text}
      </button>
    </div>
  `;
  const { state, consecutiveFailures } = webhook.status;
  if (webhook.decryptionError) return nothing;
  if (state === "PAUSED") return button("Resume now", () => resume(webhook, onChange));
  return state === "ACTIVE" && consecutiveFailures > 0 ? button("Retry now", () => retryAll(webhook)) : nothing;
}

async function resume(webhook, onChange) {
  onChange(await api.patch(pathOf(webhook), { enabled: true }));
  toast("Webhook resumed. Queued deliveries are sent now.");
}

async function retryAll(webhook) {
  const { retried } = await api.post(`${pathOf(webhook)}/retry`, {});
  const count = plural(retried, "delivery is", "deliveries are");
  toast(retried === 0 ? "No delivery waits for a retry." : `${count} sent now.`);
}

export function askToDelete(webhook, onDeleted) {
  ask({
    title: "Delete this webhook?",
    text: [
      h(
        "p",
        {},
        "Queued deliveries of ",
        h("b", {}, nameOf(webhook)),
        " will not be sent. Its secret will be deleted. Its delivery history stays until retention removes it. ",
        "This can't be undone.",
      ),
      h("p", { class: "quiet" }, "To stop deliveries temporarily, disable it instead."),
    ],
    submit: "Delete webhook",
    danger: true,
    async send() {
      await api.delete(pathOf(webhook));
      toast("Webhook deleted");
      onDeleted();
    },
  });
}

const OVERLAPS = [
  ["PT24H", "24 hours"],
  ["PT1H", "1 hour"],
  ["P7D", "7 days"],
  ["PT0S", "Expire immediately"],
];

export function askToRotateSecret(webhook, onRotated) {
  const overlap = h("select", { name: "overlap" }, OVERLAPS.map(([value, text]) => h("option", { value }, text)));
  const own = h("input", { type: "text", name: "secret", autocomplete: "off", spellcheck: "false" });
  ask({
    title: "Rotate signing secret?",
    text: [
      h(
        "p",
        { class: "notice" },
        "X-Signature and X-Signature-256 switch to the new secret immediately. ",
        "Receivers that verify those headers will reject deliveries until you update them.",
      ),
    ],
    fields: [
      !webhook.decryptionError && field({
        pointer: "/overlap",
        label: "Keep the old secret valid for",
        hint: "During this time, webhook-signature contains both signatures.",
        input: overlap,
      }),
      field({ pointer: "/secret", label: "New secret", hint: "Leave blank to generate one.", input: own }),
    ].filter(Boolean), // a secret that cannot be decrypted cannot sign
    submit: "Rotate secret",
    danger: true,
    async send() {
      const body = { overlap: overlap.value };
      if (own.value) body.secret = own.value;
      onRotated(await api.post(`${pathOf(webhook)}/secret`, body));
      toast("Secret rotated");
    },
  });
}

/// Sends a ping and shows its result as it changes.
export async function ping(webhook, show, signal) {
  show("Sending test event…");
  try {
    let delivery = await api.post(`${pathOf(webhook)}/ping`, {});
    const base = `#/stacks/${e(webhook.stack)}/settings/integrations/${e(webhook.id)}`;
    const link = html`<a href="${base}/deliveries/${e(delivery.id)}">View delivery</a>`;
    for (let i = 0; i < 120 && !signal.aborted; i++) {
      delivery = await api.get(`/deliveries/${e(delivery.id)}`, signal);
      const last = delivery.attempts.at(-1);
      const explanation = delivery.explanation.at(-1) ?? "sending";
      if (delivery.status !== "PENDING" || last) show(html`${result(delivery, last)} ${link}`);
      else if (i > 5) show(html`Test event: ${withLocalTimes(explanation)}. ${link}`);
      if (delivery.status !== "PENDING") return;
      await new Promise(resolve => setTimeout(resolve, i < 20 ? 150 : 1000));
    }
  } catch (problem) {
    if (problem.status === undefined && problem.name !== "AbortError") throw problem;
    if (problem.status !== undefined) show(html`<span class="error">${problem.message}</span>`);
  }
}

function result(delivery, last) {
  if (!last) return html`Test event: ${deliveryBadge({ ...delivery, attemptCount: 0 })}`;
  const retry = delivery.status === "PENDING" ? ` Attempt ${last.number} failed and will be retried.` : "";
  const error = last.error ? ` ${last.error}.` : "";
  return html`Test event: ${outcomeBadge(last)} in ${duration(last.durationMs)}.${retry}${error}`;
}
