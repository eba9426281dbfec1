import { h, plural } from "./dom.js";
import { api, query } from "./api.js";
import { ask } from "./dialog.js";
import { field } from "./form.js";
import { pathOf } from "./webhook-actions.js";

/// Sends what failed, or everything, of a while again; first tells how much that is.
export function askToReplay(webhook, place, signal) {
  const hour = new Date(Date.now() - 3_600_000);
  const from = h("input", { type: "datetime-local", name: "from", step: "1", value: local(hour), "aria-required": "true" });
  const to = h("input", { type: "datetime-local", name: "to", step: "1" });
  const status = h("select", { name: "status" }, h("option", { value: "FAILED" }, "those that failed"), h("option", { value: "DELIVERED" }, "those that were delivered"));
  const preview = h("p", { class: "notice info", role: "status" }, "…");

  const body = dryRun => ({
    from: from.value ? new Date(from.value).toISOString() : "",
    ...(to.value ? { to: new Date(to.value).toISOString() } : {}),
    status: status.value,
    dryRun,
  });

  let round = 0;
  async function look() {
    const mine = ++round;
    try {
      const { matched } = await api.post(`${pathOf(webhook)}/replays`, body(true));
      if (mine === round) preview.textContent = matched === 0 ? "Nothing fits: nothing would be sent." : `${plural(matched, "delivery", "deliveries")} would be sent again.`;
    } catch (problem) {
      if (problem.status === undefined) throw problem;
      if (mine === round) preview.textContent = problem.message;
    }
  }

  [from, to, status].forEach(input => input.addEventListener("change", look));
  look();
  ask({
    title: "Replay deliveries",
    say: [h("p", {}, "Each is sent again as a delivery of its own, with the bytes it had.")],
    fields: [
      field({ pointer: "/from", label: "Created from", input: from }),
      field({ pointer: "/to", label: "Created until", hint: "Empty for: until now.", input: to }),
      field({ pointer: "/status", label: "Which", input: status }),
      Object.assign(h("div", { class: "field" }, preview), { pointer: "/dryRun", input: preview, error: h("p") }),
    ],
    submit: "Replay",
    async send() {
      const began = new Date(Date.now() - 5000).toISOString();
      const { created } = await api.post(`${pathOf(webhook)}/replays`, body(false));
      watch(webhook, created, began, place, signal);
    },
  });
}

/// Tells how far it is until all are delivered or given up.
async function watch(webhook, created, began, place, signal) {
  place.hidden = false;
  if (created === 0) {
    place.textContent = "Nothing was replayed.";
    return;
  }
  const words = h("span", {});
  const bar = h("progress", { max: created, value: 0, "aria-label": "Progress of the replay" });
  place.replaceChildren(words, bar);
  while (!signal.aborted) {
    const sent = await replayed(webhook, began).catch(() => []);
    const delivered = sent.filter(delivery => delivery.status === "DELIVERED").length;
    const failed = sent.filter(delivery => delivery.status === "FAILED").length;
    bar.value = delivered + failed;
    words.textContent = `Replay: ${delivered} of ${created} delivered${failed ? `, ${failed} failed` : ""}`;
    if (delivered + failed >= created) {
      words.textContent += ". Done.";
      return;
    }
    await new Promise(resolve => setTimeout(resolve, 700));
  }
}

async function replayed(webhook, from) {
  const found = [];
  let after = null;
  for (let i = 0; i < 10; i++) {
    const page = await api.get(`${pathOf(webhook)}/deliveries${query({ from, limit: 200, after })}`);
    found.push(...page.items.filter(delivery => delivery.redeliveryOf));
    after = page.next;
    if (after === null) break;
  }
  return found;
}

function local(date) {
  return new Date(date - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 19);
}
