import { html, nothing } from "lit";
import { api, query } from "../api/api.js";
import { localInput } from "./filter.js";
import { filterParameters } from "../api/query.js";
import { previewText } from "./delivery-actions.js";
import { ask } from "./dialog.js";
import { t } from "../text/messages.js";
import { STATES, stateName } from "./status-badges.js";
import { sentence } from "../text/text.js";
import { zone } from "../text/time.js";
import { pathOf } from "./webhook-actions.js";

const ALL_STATES = ["", t.filter.allStates];

/**
 * Resends failed, delivered or skipped events, after a preview of their number.
 *
 * @param query the filter of the list, from which the dialog starts
 */
export function askToReplay(webhook, show, signal, query) {
  /** @type {Record<string, any>} */
  const filter = filterParameters(query);
  const bodyOf = ({ from, to, sinceLastSuccess, status, run, state }, dryRun) => ({
    ...(sinceLastSuccess ? { sinceLastSuccess } : from ? { from: new Date(from).toISOString() } : {}),
    ...(to ? { to: new Date(to).toISOString() } : {}),
    status,
    run: run.trim() || null,
    state: state || null,
    dryRun,
  });

  const time = { type: "datetime-local", step: "1" };
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
      sinceLastSuccess: false,
      status: filter.status === "DELIVERED" ? "DELIVERED" : "FAILED",
      run: filter.run ?? "",
      state: filter.state ?? "",
    },
    content: form => html`
      ${form.select({ name: "status", label: t.resend.status, options: Object.entries(t.resend.statuses) })}
      ${form.values.status === "SKIPPED" ? html`<p class="notice">${t.resend.skipped}</p>` : nothing}
      ${form.check({ name: "sinceLastSuccess", label: t.resend.sinceLastSuccess })}
      ${form.values.sinceLastSuccess
        ? nothing
        : form.text({ ...time, name: "from", label: t.from(zone()), hint: t.resend.fromHint })}
      ${form.text({ ...time, name: "to", label: t.to(zone()), hint: t.resend.toHint })}
      ${form.text({ name: "run", label: t.resend.run, hint: t.resend.runHint })}
      ${form.select({
        name: "state",
        label: t.filter.state,
        options: [ALL_STATES, ...STATES.map(state => [state, stateName(state)])],
      })}
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

/**
 * Returns how many deliveries would be resent, and whether there are any.
 *
 * @returns {Promise<[unknown, boolean]>}
 */
async function previewOf(webhook, body) {
  try {
    const { toCreate, erased } = await api.post(`${pathOf(webhook)}/replays`, body);
    return [previewText(t.resend.preview(toCreate, erased)), toCreate > 0];
  } catch (problem) {
    if (problem.status === undefined) throw problem;
    return [previewText(sentence(problem.message), "bad"), false];
  }
}

/** Shows the progress of the latest replay if it is not finished, for example after a reload. */
export async function showUnfinishedReplay(webhook, show, signal) {
  const { items } = await api.get(`${pathOf(webhook)}/replays${query({ limit: 1 })}`, signal);
  if (items.length > 0 && items[0].pending > 0) showProgress(webhook, items[0], show, signal);
}

/** Shows the progress until all deliveries are delivered or have failed. */
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

/** Repeats the request until the server responds. */
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
