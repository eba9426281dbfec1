import { html } from "lit";
import { h } from "./dom.js";
import { plural } from "./text.js";
import { api, query } from "./api.js";
import { ask } from "./dialog.js";
import { field } from "./form.js";
import { pathOf } from "./webhook-actions.js";

/// Resends the failed or the delivered events of a time range, after a preview of how many there are.
export function askToReplay(webhook, show, signal) {
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

  function showPreview(request, text, maySubmit) {
    if (request !== requests) return;
    preview.textContent = text;
    dialog.querySelector('[type="submit"]').disabled = !maySubmit;
  }

  let requests = 0;
  async function updatePreview() {
    const request = ++requests;
    try {
      const { toCreate } = await api.post(`${pathOf(webhook)}/replays`, body(true));
      const count = plural(toCreate, "delivery", "deliveries");
      showPreview(request, toCreate === 0 ? "No matching deliveries." : `${count} will be resent.`, toCreate > 0);
    } catch (problem) {
      if (problem.status === undefined) throw problem;
      showPreview(request, problem.message, false);
    }
  }

  [from, to, status].forEach(input => input.addEventListener("change", updatePreview));
  const dialog = ask({
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
      showProgress(webhook, created, startedAt, show, signal);
    },
  });
  updatePreview();
}

/// Shows the progress until all deliveries are delivered or have failed.
async function showProgress(webhook, created, startedAt, show, signal) {
  if (created === 0) return show("No matching deliveries.");
  while (!signal.aborted) {
    const [pending, failed] = await countOpenAndFailed(webhook, startedAt, signal);
    const finished = created - Math.min(pending.count, created);
    const isDone = pending.count === 0;
    show(html`
      ${isDone && failed.count === 0 ? success(created) : progress(finished, created, pending.isExact, failed)}
      <progress max=${created} .value=${finished} aria-label="Progress"></progress>
    `);
    if (isDone) return;
    await new Promise(resolve => setTimeout(resolve, 1000));
  }
}

const success = created => (created === 1 ? "Delivered." : `All ${created.toLocaleString()} delivered.`);

function progress(finished, created, isExact, failed) {
  const limit = isExact ? "" : "at most ";
  const failures = failed.count > 0 ? `, ${failed.text} failed` : "";
  return `Finished ${limit}${finished.toLocaleString()} of ${created.toLocaleString()}${failures}`;
}

/// Counts until the server responds.
async function countOpenAndFailed(webhook, startedAt, signal) {
  for (;;) {
    try {
      return await Promise.all(
        ["PENDING", "FAILED"].map(status => countRedeliveries(webhook, status, startedAt, signal)),
      );
    } catch (problem) {
      if (problem.status === undefined || problem.status === 404) throw problem;
      await new Promise(resolve => setTimeout(resolve, 3000));
    }
  }
}

/// Counts exactly up to the size of a page.
async function countRedeliveries(webhook, status, from, signal) {
  const page = await api.get(`${pathOf(webhook)}/deliveries${query({ status, from, limit: 200 })}`, signal);
  const { length: count } = page.items.filter(delivery => delivery.redeliveryOf);
  return { count, isExact: page.next === null, text: count.toLocaleString() + (page.next ? "+" : "") };
}

function localTime(date) {
  return new Date(date - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 19);
}
