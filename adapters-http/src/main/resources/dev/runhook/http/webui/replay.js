import { html } from "lit";
import { api, query } from "./api.js";
import { filterParameters, localInput } from "./filter.js";
import { previewText } from "./delivery-actions.js";
import { ask } from "./dialog.js";
import { t } from "./messages.js";
import { sentence } from "./text.js";
import { zone } from "./time.js";
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
  /** @type {unknown} */
  let preview = previewText("…");
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
      ${form.text({ name: "from", type: "datetime-local", step: "1", label: t.from(zone()), required: true })}
      ${form.text({ name: "to", type: "datetime-local", step: "1", label: t.to(zone()), hint: t.resend.toHint })}
      ${form.select({ name: "status", label: t.resend.status, options: Object.entries(t.resend.statuses) })}
      ${preview}
    `,
    submit: t.resend.submit,
    onChange: updatePreview,
    async send(values) {
      const replay = await api.post(`${pathOf(webhook)}/replays`, bodyOf(values, false));
      showProgress(webhook, replay, show, signal);
    },
  });
  opened.then(dialog => updatePreview(dialog.querySelector("rh-form")));
}

/// Returns how many deliveries would be resent, and whether there are any.
/** @returns {Promise<[unknown, boolean]>} */
async function previewOf(webhook, body) {
  try {
    const { toCreate } = await api.post(`${pathOf(webhook)}/replays`, body);
    return [previewText(toCreate === 0 ? t.resend.none : t.resend.count(toCreate)), toCreate > 0];
  } catch (problem) {
    if (problem.status === undefined) throw problem;
    return [previewText(sentence(problem.message), "bad"), false];
  }
}

/// Shows the progress of the latest replay if it is not finished, for example after a reload.
export async function showUnfinishedReplay(webhook, show, signal) {
  const { items } = await api.get(`${pathOf(webhook)}/replays${query({ limit: 1 })}`, signal);
  if (items.length > 0 && items[0].pending > 0) showProgress(webhook, items[0], show, signal);
}

/// Shows the progress until all deliveries are delivered or have failed.
async function showProgress(webhook, started, show, signal) {
  if (started.created === 0) return show(t.resend.none);
  const path = `${pathOf(webhook)}/replays/${started.id}`;
  for (let replay = started; !signal.aborted; replay = await read(path, signal)) {
    const { created, pending, failed } = replay;
    const isDone = pending === 0;
    show(html`
      ${isDone && failed === 0 ? t.resend.done(created) : t.resend.finished(created - pending, created, failed)}
      <progress max=${created} .value=${created - pending} aria-label=${t.resend.progress}></progress>
    `);
    if (isDone) return;
    await new Promise(resolve => setTimeout(resolve, 1000));
  }
}

/// Repeats the request until the server responds.
async function read(path, signal) {
  for (;;) {
    try {
      return await api.get(path, signal);
    } catch (problem) {
      if (problem.status === undefined || problem.status === 404) throw problem;
      await new Promise(resolve => setTimeout(resolve, 3000));
    }
  }
}
