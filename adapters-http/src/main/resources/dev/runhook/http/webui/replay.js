import { h, plural } from "./dom.js";
import { api, query } from "./api.js";
import { ask } from "./dialog.js";
import { field } from "./form.js";
import { pathOf } from "./webhook-actions.js";

/// Resends the failed or the delivered events of a time range, after a preview of how many there are.
export function askToReplay(webhook, output, signal) {
  const hourAgo = localTime(new Date(Date.now() - 3_600_000));
  const timeInput = { type: "datetime-local", step: "1" };
  const from = h("input", { ...timeInput, name: "from", value: hourAgo, "aria-required": "true" });
  const to = h("input", { ...timeInput, name: "to" });
  const status = h(
    "select",
    { name: "status" },
    h("option", { value: "FAILED" }, "Failed"),
    h("option", { value: "DELIVERED" }, "Delivered"),
  );
  const preview = h("p", { class: "notice info", role: "status" }, "…");

  const body = dryRun => ({
    from: from.value ? new Date(from.value).toISOString() : "",
    ...(to.value ? { to: new Date(to.value).toISOString() } : {}),
    status: status.value,
    dryRun,
  });

  let requests = 0;
  async function updatePreview() {
    const request = ++requests;
    try {
      const { toCreate } = await api.post(`${pathOf(webhook)}/replays`, body(true));
      const count = plural(toCreate, "delivery", "deliveries");
      const text = toCreate === 0 ? "No matching deliveries." : `${count} will be resent.`;
      if (request === requests) preview.textContent = text;
    } catch (problem) {
      if (problem.status === undefined) throw problem;
      if (request === requests) preview.textContent = problem.message;
    }
  }

  [from, to, status].forEach(input => input.addEventListener("change", updatePreview));
  updatePreview();
  ask({
    title: "Resend deliveries",
    text: [h("p", {}, "Resends the original payload as a new delivery.")],
    fields: [
      field({ pointer: "/from", label: "From", input: from }),
      field({ pointer: "/to", label: "To", hint: "Leave blank for the current time.", input: to }),
      field({ pointer: "/status", label: "Deliveries to resend", input: status }),
      Object.assign(h("div", { class: "field" }, preview), { pointer: "/dryRun", input: preview, error: h("p") }),
    ],
    submit: "Resend",
    async send() {
      const startedAt = new Date(Date.now() - 5000).toISOString();
      const { created } = await api.post(`${pathOf(webhook)}/replays`, body(false));
      showProgress(webhook, created, startedAt, output, signal);
    },
  });
}

/// Shows the progress until all deliveries are delivered or have failed.
async function showProgress(webhook, created, startedAt, output, signal) {
  output.hidden = false;
  if (created === 0) {
    output.textContent = "Nothing to resend.";
    return;
  }
  const text = h("span", {});
  const bar = h("progress", { max: created, value: 0, "aria-label": "Progress" });
  output.replaceChildren(text, bar);
  while (!signal.aborted) {
    const sent = await findRedeliveries(webhook, startedAt).catch(() => []);
    const delivered = sent.filter(delivery => delivery.status === "DELIVERED").length;
    const failed = sent.filter(delivery => delivery.status === "FAILED").length;
    bar.value = delivered + failed;
    const isDone = delivered + failed >= created;
    if (isDone && !failed) text.textContent = created === 1 ? "Delivered." : `All ${created} delivered.`;
    else text.textContent = `Resent ${delivered} of ${created}${failed ? `, ${failed} failed` : ""}`;
    if (isDone) return;
    await new Promise(resolve => setTimeout(resolve, 700));
  }
}

async function findRedeliveries(webhook, from) {
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

function localTime(date) {
  return new Date(date - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 19);
}
