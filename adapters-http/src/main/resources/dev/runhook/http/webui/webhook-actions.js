import { h } from "./dom.js";
import { api, e } from "./api.js";
import { toast } from "./view.js";
import { switchControl } from "./switch.js";
import { ask } from "./dialog.js";
import { field } from "./form.js";
import { outcomeBadge, deliveryBadge } from "./status-badges.js";
import { duration, withLocalTimes } from "./time.js";

/// Actions on an existing webhook.

export const pathOf = webhook => `/stacks/${e(webhook.stack)}/webhooks/${e(webhook.id)}`;

/// The webhook that was added last, until the list has highlighted it.
export const added = { id: null };

const nameOf = webhook => webhook.name || webhook.endpoint;

/// The switch that enables or disables a webhook.
export function enabledSwitch(webhook, onChange) {
  const element = switchControl({
    label: "Enabled",
    on: webhook.enabled,
    describe: on => {
      if (!on) return "Events are not delivered";
      return element.webhook.decryptionError ? "Events are queued" : "Events are delivered";
    },
    async change(enabled) {
      try {
        const updated = await api.patch(pathOf(webhook), { enabled });
        onChange(updated);
        return updated.enabled;
      } catch (problem) {
        if (problem.status === undefined) throw problem;
        toast(problem.message);
        return !enabled;
      }
    },
  });
  return Object.assign(element, { webhook });
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
export async function ping(webhook, output, signal) {
  output.hidden = false;
  output.replaceChildren("Sending test event…");
  try {
    let delivery = await api.post(`${pathOf(webhook)}/ping`, {});
    const base = `#/stacks/${e(webhook.stack)}/settings/integrations/${e(webhook.id)}`;
    const link = h("a", { href: `${base}/deliveries/${e(delivery.id)}` }, "View delivery");
    for (let i = 0; i < 120 && !signal.aborted; i++) {
      delivery = await api.get(`/deliveries/${e(delivery.id)}`, signal);
      const last = delivery.attempts.at(-1);
      const explanation = delivery.explanation.at(-1) ?? "sending";
      if (delivery.status !== "PENDING" || last) output.replaceChildren(...result(delivery, last), " ", link);
      else if (i > 5) output.replaceChildren("Test event: ", ...withLocalTimes(explanation), ". ", link);
      if (delivery.status !== "PENDING") return;
      await new Promise(resolve => setTimeout(resolve, i < 20 ? 150 : 1000));
    }
  } catch (problem) {
    if (problem.status === undefined && problem.name !== "AbortError") throw problem;
    if (problem.status !== undefined) output.replaceChildren(h("span", { class: "error" }, problem.message));
  }
}

function result(delivery, last) {
  if (!last) return ["Test event: ", deliveryBadge({ ...delivery, attemptCount: 0 })];
  const retry = delivery.status === "PENDING" ? ` Attempt ${last.number} failed and will be retried.` : "";
  return [
    "Test event: ",
    outcomeBadge(last),
    ` in ${duration(last.durationMs)}.${retry}`,
    last.error ? ` ${last.error}.` : "",
  ];
}
