import { html } from "lit";
import { api, query } from "./api.js";
import { filterParameters, localInput } from "./filter.js";
import { ask } from "./dialog.js";
import { t } from "./messages.js";
import { pathOf } from "./webhook-actions.js";

/// Resends the failed or the delivered events of a time range, after a preview of how many there are.
///
/// @param query the filter of the list, from which the dialog starts
export function askToReplay(webhook, show, signal, query) {
  /** @type {Record<string, any>} */
  const filter = filterParameters(query);
  const bodyOf = ({ from, to, status }, dryRun) => ({
    from: from ? new Date(from).toISOString() : "",
    ...(to ? { to: new Date(to).toISOString() } : {}),
    status,
    dryRun,
  });

  let requests = 0;
  let preview = "…";
  async function updatePreview(form) {
    const request = ++requests;
    const [text, mayResend] = await previewOf(webhook, bodyOf(form.values, true));
    if (request !== requests) return;
    preview = text;
    form.blocked = !mayResend;
    form.requestUpdate();
  }

  const opened = ask({
    title: t.resend.title,
    text: html`<p>${t.resend.text}</p>`,
    values: {
      from: localInput(filter.from || Date.now() - 3_600_000),
      to: localInput(filter.to),
      status: filter.status === "DELIVERED" ? "DELIVERED" : "FAILED",
    },
    content: form => html`
      ${form.text({ name: "from", type: "datetime-local", step: "1", label: t.from, required: true })}
      ${form.text({ name: "to", type: "datetime-local", step: "1", label: t.to, hint: t.resend.toHint })}
      ${form.select({ name: "status", label: t.resend.status, options: Object.entries(t.resend.statuses) })}
      ${html`<div class="field"><p class="notice info" role="status">${preview}</p></div>`}
    `,
    submit: t.resend.submit,
    onChange: updatePreview,
    async send(values) {
      const startedAt = new Date(Date.now() - 5000).toISOString();
      const { created } = await api.post(`${pathOf(webhook)}/replays`, bodyOf(values, false));
      showProgress(webhook, created, startedAt, show, signal);
    },
  });
  opened.then(dialog => updatePreview(dialog.querySelector("rh-form")));
}

/// Returns how many deliveries would be resent, and whether there are any.
async function previewOf(webhook, body) {
  try {
    const { toCreate } = await api.post(`${pathOf(webhook)}/replays`, body);
    return [toCreate === 0 ? t.resend.none : t.resend.count(toCreate), toCreate > 0];
  } catch (problem) {
    if (problem.status === undefined) throw problem;
    return [problem.message, false];
  }
}

/// Shows the progress until all deliveries are delivered or have failed.
async function showProgress(webhook, created, startedAt, show, signal) {
  if (created === 0) return show(t.resend.none);
  while (!signal.aborted) {
    const [pending, failed] = await countOpenAndFailed(webhook, startedAt, signal);
    const finished = created - Math.min(pending.count, created);
    const isDone = pending.count === 0;
    show(html`
      ${isDone && failed.count === 0 ? success(created) : progress(finished, created, pending.isExact, failed)}
      <progress max=${created} .value=${finished} aria-label=${t.resend.progress}></progress>
    `);
    if (isDone) return;
    await new Promise(resolve => setTimeout(resolve, 1000));
  }
}

const success = created => t.resend.done(created);

function progress(finished, created, isExact, failed) {
  const failures = failed.count > 0 ? failed.text : null;
  return t.resend.finished(finished.toLocaleString(), created.toLocaleString(), isExact, failures);
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
