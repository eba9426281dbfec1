import { h } from "./dom.js";
import { api, e } from "./api.js";
import { toast } from "./view.js";
import { toggle } from "./toggle.js";
import { ask } from "./dialog.js";
import { field } from "./form.js";
import { outcomeMark, statusMark } from "./marks.js";
import { duration, timed } from "./time.js";

/// What a person may do to a webhook that is there.

export const pathOf = webhook => `/stacks/${e(webhook.stack)}/webhooks/${e(webhook.id)}`;
/// The webhook that was added last, until the list has shown where it stands.
export const added = { id: null };

const nameOf = webhook => webhook.name || webhook.endpoint;

/// The switch that decides whether anything is delivered at all.
export function enabledToggle(webhook, changed) {
  const element = toggle({
    label: "Enabled",
    on: webhook.enabled,
    words: on => (!on ? "off: nothing is delivered" : element.webhook.decryptionError ? "on: what happens waits" : "on: what happens is delivered"),
    async change(enabled) {
      try {
        const now = await api.patch(pathOf(webhook), { enabled });
        changed(now);
        return now.enabled;
      } catch (problem) {
        if (problem.status === undefined) throw problem;
        toast(problem.message);
        return !enabled;
      }
    },
  });
  return Object.assign(element, { webhook });
}

export function askToDelete(webhook, done) {
  ask({
    title: "Delete this webhook?",
    say: [
      h("p", {}, h("b", {}, nameOf(webhook)), " hears of nothing any more, and what waits to be sent to it is dropped. Its secret is gone for good."),
      h("p", { class: "quiet" }, "To stop deliveries for a while, switch it off instead."),
    ],
    submit: "Delete webhook",
    danger: true,
    async send() {
      await api.delete(pathOf(webhook));
      toast("The webhook is deleted.");
      done();
    },
  });
}

const OVERLAPS = [
  ["PT24H", "for 24 hours"],
  ["PT1H", "for an hour"],
  ["P7D", "for 7 days"],
  ["PT0S", "not at all"],
];

export function askToRegenerate(webhook, done) {
  const overlap = h("select", { name: "overlap" }, OVERLAPS.map(([value, text]) => h("option", { value }, text)));
  const own = h("input", { type: "text", name: "secret", autocomplete: "off", spellcheck: "false" });
  ask({
    title: "Regenerate the secret?",
    say: [
      h(
        "p",
        { class: "notice" },
        "Receivers that check X-Signature or X-Signature-256 reject deliveries until they know the new secret: these headers are signed with the new one from now on.",
      ),
    ],
    fields: [
      webhook.secret !== null && field({
        pointer: "/overlap",
        label: "Sign with the old one too",
        hint: "In webhook-signature both signatures stand side by side for so long; receivers that check it can change at leisure.",
        input: overlap,
      }),
      field({ pointer: "/secret", label: "New secret", hint: "Leave it empty to have one generated.", input: own }),
    ].filter(Boolean), // what cannot be read signs nothing
    submit: "Regenerate secret",
    danger: true,
    async send() {
      const body = { overlap: overlap.value };
      if (own.value) body.secret = own.value;
      done(await api.post(`${pathOf(webhook)}/secret`, body));
      toast("The webhook has a new secret.");
    },
  });
}

/// Sends a ping and tells what becomes of it, as it happens.
export async function ping(webhook, place, signal) {
  place.hidden = false;
  place.replaceChildren("Ping is on its way …");
  try {
    let delivery = await api.post(`${pathOf(webhook)}/ping`, {});
    const link = h("a", { href: `#/stacks/${e(webhook.stack)}/settings/integrations/${e(webhook.id)}/deliveries/${e(delivery.id)}` }, "Look at it");
    for (let i = 0; i < 120 && !signal.aborted; i++) {
      delivery = await api.get(`/deliveries/${e(delivery.id)}`, signal);
      const last = delivery.attempts.at(-1);
      if (delivery.status !== "PENDING" || last) place.replaceChildren(...told(delivery, last), " ", link);
      else if (i > 5) place.replaceChildren("Ping: ", ...timed(delivery.explanation.at(-1) ?? "on its way"), ". ", link);
      if (delivery.status !== "PENDING") return;
      await new Promise(resolve => setTimeout(resolve, i < 20 ? 150 : 1000));
    }
  } catch (problem) {
    if (problem.status === undefined && problem.name !== "AbortError") throw problem;
    if (problem.status !== undefined) place.replaceChildren(h("span", { class: "error" }, problem.message));
  }
}

function told(delivery, last) {
  if (!last) return ["Ping: ", statusMark({ ...delivery, attemptCount: 0 })];
  const again = delivery.status === "PENDING" ? ` Attempt ${last.number} failed; it is tried again.` : "";
  return ["Ping: ", outcomeMark(last), ` after ${duration(last.durationMs)}.${again}`, last.error ? ` ${last.error}.` : ""];
}
