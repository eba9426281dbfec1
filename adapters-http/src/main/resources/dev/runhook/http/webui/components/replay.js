import { html, nothing } from "lit";
import { api, e, query } from "../api/api.js";
import { now } from "../api/clock.js";
import { localInput } from "./filter.js";
import { filterParameters } from "../api/query.js";
import { runOnce } from "./delivery/delivery-actions.js";
import { ask } from "./dialog.js";
import { t } from "../text/messages.js";
import { attempt } from "./view.js";
import { STATES, stateName } from "./status-badges.js";
import { sentence } from "../text/text.js";
import { zone } from "../text/time.js";
import { pathOf } from "./webhook-actions.js";

const ALL_STATES = ["", t.filter.allStates];

const TIME = { type: "datetime-local", step: "1" };

/** The user confirms the number of a larger replay. */
const MAX_UNCONFIRMED = 1000;
const DELAY_MS = 250;

/**
 * Resends failed, delivered or skipped events, after a preview of their number. Exactly what was previewed is resent.
 *
 * @param webhook null for all webhooks of the account
 * @param query the filter of the list, from which the dialog starts
 */
export function askToReplay(webhook, show, signal, query) {
  /** @type {Record<string, any>} */
  const filter = filterParameters(query);
  const ignored = ["kind", "outcome", "statusCode"].some(name => filter[name]);
  const { SKIPPED, ...finished } = t.resend.statuses; // skipped events are replayed for one webhook at a time
  const statuses = webhook ? { ...finished, SKIPPED } : finished;
  const path = webhook ? `${pathOf(webhook)}/replays` : "/replays";
  const preview = new Preview(
    path,
    values => (webhook ? bodyOf(values) : { ...bodyOf(values), stack: values.stack.trim() || null }),
    ({ toCreate, erased }) => [toCreate, t.resend.preview(toCreate, erased)],
  );
  const opened = ask({
    title: t.resend.title,
    text: html`
      <p>${t.resend.text} ${webhook ? nothing : t.resend.ofAccount} ${ignored ? t.cancelDeliveries.ignored : nothing}</p>
    `,
    values: {
      stack: filter.stack ?? "",
      from: localInput(filter.from ?? now() - 3_600_000),
      to: localInput(filter.to),
      sinceLastSuccess: false,
      status: filter.status in statuses ? filter.status : "FAILED",
      run: filter.run ?? "",
      state: filter.state ?? "",
      confirmed: "",
    },
    content: form => html`
      ${form.select({ name: "status", label: t.resend.status, options: Object.entries(statuses) })}
      ${webhook ? nothing : stackField(form)}
      ${form.values.status === "SKIPPED" ? html`<p class="notice">${t.resend.skipped}</p>` : nothing}
      ${form.check({ name: "sinceLastSuccess", label: t.resend.sinceLastSuccess })}
      ${form.values.sinceLastSuccess
        ? nothing
        : form.text({ ...TIME, name: "from", label: t.from(zone()), hint: t.resend.fromHint })}
      ${form.text({ ...TIME, name: "to", label: t.to(zone()), hint: t.resend.toHint })}
      ${form.text({ name: "run", label: t.resend.run, hint: t.resend.runHint })}
      ${stateField(form)}
      ${preview.fields(form)}
    `,
    submit: t.resend.submit,
    onChange: form => preview.follow(form),
    async send() {
      const replay = await preview.submit(count => ({ expected: count }));
      showProgress(path, replay, show, signal);
    },
  });
  opened.then(dialog => preview.follow(dialog.querySelector("rh-form")));
}

/**
 * Cancels the deliveries that wait, after a preview of their number. What is created later is not canceled.
 *
 * @param webhook null for all webhooks of the account
 * @param query the filter of the list, from which the dialog starts
 */
export function askToCancelMany(webhook, show, query) {
  const opened = new Date(now()).toISOString();
  /** @type {Record<string, any>} */
  const filter = filterParameters(query);
  const { from, to, run, state, stack, ...others } = filter;
  const ignored = ["kind", "outcome", "statusCode"].some(name => others[name]);
  const preview = new Preview(
    `${webhook ? pathOf(webhook) : "/deliveries"}/cancellations`,
    values => ({
      ...(webhook ? {} : { stack: values.stack.trim() || null }),
      ...(values.from ? { from: new Date(values.from).toISOString() } : {}),
      to: values.to ? new Date(values.to).toISOString() : opened,
      run: values.run.trim() || null,
      state: values.state || null,
    }),
    ({ canceled }) => [canceled, t.cancelDeliveries.preview(canceled)],
  );
  const dialog = ask({
    title: t.cancelDeliveries.title,
    text: html`<p>${t.cancelDeliveries.text} ${ignored ? t.cancelDeliveries.ignored : nothing}</p>`,
    values: {
      stack: stack ?? "",
      from: localInput(from),
      to: localInput(to),
      run: run ?? "",
      state: state ?? "",
      reason: "",
      confirmed: "",
    },
    content: form => html`
      ${webhook ? nothing : stackField(form)}
      ${form.text({ ...TIME, name: "from", label: t.from(zone()), hint: t.cancelDeliveries.fromHint })}
      ${form.text({ ...TIME, name: "to", label: t.to(zone()), hint: t.resend.toHint })}
      ${form.text({ name: "run", label: t.resend.run, hint: t.resend.runHint })}
      ${stateField(form)}
      ${reasonField(form)}
      ${preview.fields(form)}
    `,
    submit: t.cancelDeliveries.submit,
    danger: true,
    onChange: form => preview.follow(form),
    async send({ reason }) {
      const { canceled } = await preview.submit(() => ({ reason }));
      show(t.cancelDeliveries.done(canceled));
    },
  });
  dialog.then(element => preview.follow(element.querySelector("rh-form")));
}

/** Cancels a delivery that waits. */
export function askToCancel({ id }, onDone) {
  return ask({
    title: t.cancelDeliveries.one,
    text: html`<p>${t.cancelDeliveries.text}</p>`,
    values: { reason: "" },
    content: reasonField,
    submit: t.cancelDeliveries.one,
    danger: true,
    async send({ reason }) {
      await api.post(`/deliveries/${e(id)}/cancel`, { reason });
      await onDone();
    },
  });
}

const reasonField = form =>
  form.text({ name: "reason", label: t.cancelDeliveries.reason, hint: t.cancelDeliveries.reasonHint });

const stackField = form => form.text({ name: "stack", label: t.resend.stack, hint: t.resend.stackHint });

const stateField = form => form.select({
  name: "state",
  label: t.filter.state,
  options: [ALL_STATES, ...STATES.map(state => [state, stateName(state)])],
});

/** @param {Record<string, any>} values the input of the dialog */
function bodyOf({ from, to, sinceLastSuccess, status, run, state }) {
  return {
    ...(sinceLastSuccess ? { sinceLastSuccess } : from ? { from: new Date(from).toISOString() } : {}),
    ...(to ? { to: new Date(to).toISOString() } : {}),
    status,
    run: run.trim() || null,
    state: state || null,
  };
}

/** What the input of a dialog would resend or cancel. The form is blocked until that is known. */
class Preview {
  #path;
  #bodyOf;
  #countOf;
  #form;
  #body;
  #timer;
  count = 0;
  text = previewText("…");

  /**
   * @param bodyOf returns the request for the input
   * @param countOf returns a number and a text for the response in a dry run
   */
  constructor(path, bodyOf, countOf) {
    this.#path = path;
    this.#bodyOf = bodyOf;
    this.#countOf = countOf;
  }

  fields(form) {
    return html`
      ${this.text}
      ${this.isLarge
        ? form.text({ name: "confirmed", label: t.resend.confirm(this.count), inputmode: "numeric" })
        : nothing}
    `;
  }

  get isLarge() {
    return this.count > MAX_UNCONFIRMED;
  }

  /** Previews the input, unless it has not changed since. */
  follow(form) {
    const body = this.#bodyOf(form.values);
    const isFirst = !this.#form;
    this.#form = form;
    if (JSON.stringify(body) === JSON.stringify(this.#body)) return this.#block();
    this.#load(body, isFirst ? 0 : DELAY_MS);
  }

  /**
   * Does what was previewed. If a replay has grown since, its number is previewed again.
   *
   * @param limit returns the part of the request that keeps it to what was previewed
   */
  async submit(limit) {
    try {
      return await api.post(this.#path, { ...this.#body, ...limit(this.count) });
    } catch (problem) {
      if (problem.kind === "replay-larger-than-expected") this.#load(this.#body, 0);
      throw problem;
    }
  }

  #load(body, delay) {
    this.#body = body;
    this.#form.values.confirmed = "";
    this.#show(0, previewText("…"));
    clearTimeout(this.#timer);
    this.#timer = setTimeout(async () => {
      const [count, text] = await this.#request(body);
      if (body === this.#body) this.#show(count, text);
    }, delay);
  }

  /** @returns {Promise<[number, unknown]>} */
  #request(body) {
    return attempt(async () => {
      const [count, text] = this.#countOf(await api.post(this.#path, { ...body, dryRun: true }));
      return [count, previewText(text)];
    }, problem => [0, previewText(sentence(problem.message), "bad")]);
  }

  #show(count, text) {
    Object.assign(this, { count, text });
    this.#block();
  }

  #block() {
    const confirmed = this.#form.values.confirmed.replace(/\D/g, "");
    this.#form.blocked = this.count === 0 || (this.isLarge && confirmed !== String(this.count));
    this.#form.requestUpdate();
  }
}

/** Shows the progress of the latest replay if it is not finished, for example after a reload. */
export async function showUnfinishedReplay(webhook, show, signal) {
  const [latest] = (await read(`${pathOf(webhook)}/replays${query({ limit: 1 })}`, signal))?.items ?? [];
  if (latest?.pending > 0) showProgress(`${pathOf(webhook)}/replays`, latest, show, signal);
}

/**
 * Shows the progress until all deliveries are delivered or have failed. For a replay of the account, the server may
 * still be creating deliveries.
 *
 * @param path of all replays
 */
async function showProgress(path, started, show, signal) {
  const isOfAccount = path === "/replays";
  if (isOfAccount ? started.webhooks === 0 : started.created === 0) return show(t.resend.none);
  for (let replay = started; replay; replay = await read(`${path}/${started.id}`, signal)) {
    const { created, pending, failed, matched, erased, completedAt, canceledAt } = replay;
    const isCreated = !isOfAccount || completedAt !== null || canceledAt !== null;
    const total = isCreated ? created : matched - erased;
    const isDone = isCreated && pending === 0;
    const cancel = event => runOnce(event.currentTarget, () => api.post(`${path}/${started.id}/cancel`, {}));
    show(html`
      ${isDone && failed === 0 ? t.resend.done(created) : t.resend.finished(created - pending, total, failed)}
      <progress max=${total} .value=${created - pending} aria-label=${t.resend.progress}></progress>
      ${isOfAccount && !isDone
        ? html`<button type="button" class="small" @click=${cancel}>${t.resend.cancel}</button>`
        : nothing}
    `);
    if (isDone) return;
    await new Promise(resolve => setTimeout(resolve, 1000));
  }
}

/** Repeats the request until the server responds. Returns null if the signal ends it. */
async function read(path, signal) {
  while (!signal.aborted) {
    try {
      return await api.get(path, signal);
    } catch (problem) {
      if (signal.aborted) break;
      if (problem.status === undefined || problem.status === 404) throw problem;
      await new Promise(resolve => setTimeout(resolve, 3000));
    }
  }
  return null;
}

/** What a dialog will do, or why it cannot. */
const previewText = (text, kind = "info") => html`
  <div class="field"><p class="notice ${kind}" role="status">${text}</p></div>
`;
