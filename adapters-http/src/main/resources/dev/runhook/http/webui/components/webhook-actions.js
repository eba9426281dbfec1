/** Actions on an existing webhook. */

import { html, nothing } from "lit";
import { live } from "lit/directives/live.js";
import { api, e, query } from "../api/api.js";
import { attempt, toast } from "./view.js";
import "./switch.js";
import { t } from "../text/messages.js";
import { NOT_RESENT } from "../api/query.js";
import { session } from "../api/session.js";
import { sentence } from "../text/text.js";
import {
  deliveryBadge,
  describeHealth,
  isDisabledByUser,
  outcomeBadge,
  stateName,
} from "./status-badges.js";
import { reason } from "./explanation.js";
import { duration, relativeTime } from "../text/time.js";

/** The path of the webhook of a stack, or of an account webhook. */
export const pathOf = ({ stack, id }) =>
  stack ? `/stacks/${e(stack)}/webhooks/${e(id)}` : `/account-webhooks/${e(id)}`;

/** The address of the views of a webhook. */
export const addressOf = webhook => `#/stacks/${e(webhook.stack)}/settings/integrations/${e(webhook.id)}`;

/** Whether the user may change the settings of a webhook. Copies are changed through their account webhook. */
export const mayChange = webhook => session.may("admin") && !webhook.accountWebhook;

/** Says that a webhook is a copy, with a link for users who may open the account webhook. */
export function accountLink({ accountWebhook }) {
  return session.may("admin") && !session.me.stacks
    ? html`<a href="#/account/webhooks/${e(accountWebhook)}">${t.accountWebhooks.covered}</a>`
    : t.accountWebhooks.covered;
}

export const nameOf = webhook => webhook.name || webhook.endpoint;

/** The host of the endpoint, with its port. */
export const hostOf = ({ endpoint }) => endpoint.split(/[/?#]+/)[1];

/** The most recently added webhook, until the list has highlighted it. */
export const added = { id: null };

/**
 * The switch that enables or disables a webhook. It follows changes that are made elsewhere.
 *
 * @param label the accessible name
 */
export function enabledSwitch(webhook, onChange, label = t.webhook.enabled) {
  const apply = async enabled => {
    const updated = await api.patch(pathOf(webhook), { enabled });
    onChange(updated);
    return updated.enabled;
  };
  const change = async enabled => (await attempt(() => apply(enabled))) ?? !enabled;
  return html`
    <rh-switch label=${label} .on=${live(webhook.enabled)} .describe=${switchState} .change=${change}></rh-switch>
  `;
}

/** The switch in a list of webhooks. */
export const namedSwitch = (webhook, onChange) =>
  enabledSwitch(webhook, onChange, `${t.webhook.enabled}: ${nameOf(webhook)}`);

/** The name of a webhook in a list. A URL has one line, because it would break anywhere. */
export const nameLink = (webhook, href) => html`
  <a
    class="name rowlink ${webhook.name ? "lines2" : "clip"}"
    href=${href}
    dir="auto"
    title=${webhook.endpoint}
  >${nameOf(webhook)}</a>
`;

/** The name of a webhook in a list, with its events and its endpoint. */
export const nameCell = (webhook, href) => html`
  ${nameLink(webhook, href)}
  <span class="two lines2">
    ${t.integrations.events(webhook, stateName)}
    ${webhook.name ? html`· <bdi class="code">${webhook.endpoint}</bdi>` : nothing}
  </span>
  ${webhook.accountWebhook ? html`<span class="two">${accountLink(webhook)}</span>` : nothing}
`;

/** The link to the settings in a list of webhooks. */
export const editLink = (webhook, href, text = t.edit) => html`
  <a class="button small" href=${href} aria-keyshortcuts="e" aria-label="${text} ${nameOf(webhook)}">${text}</a>
`;

/** Opens the settings of a webhook by key, in a view whose rows lead to the deliveries of webhooks. */
export function editByKey(view) {
  view.addEventListener("shortcut", event => {
    /** @type {HTMLAnchorElement} */
    const link = event.target.closest('a[href$="/deliveries"]');
    if (event.detail !== "e" || !link) return;
    event.preventDefault();
    location.hash = link.hash.replace(/\/deliveries$/, "");
  });
}

/** What a switch says. It is about the setting: whether deliveries arrive is in the badge of the webhook. */
export const switchState = on => (on ? t.webhook.on : t.webhook.off);

/**
 * Why a webhook does not work well, with the buttons that solve it.
 *
 * @param onChange is called with the changed webhook
 * @param {Api["Webhook"]} webhook
 */
export function healthNotice(webhook, onChange, style = "") {
  const text = describeHealth(webhook);
  if (!text) return nothing;
  const { health, failedDeliveries, pendingDeliveries } = webhook;
  const kind = { FAILING: "bad", DISABLED: isDisabledByUser(webhook) ? "idle" : "" }[health.verdict] ?? "";
  return html`
    <div class="notice ${kind} ${style}">
      <p>${text}</p>
      ${failedDeliveries > 0 && health.cause !== "DELIVERIES_FAILED"
        ? html`<p>${t.failures.recent(failedDeliveries)}</p>`
        : nothing}
      ${health.oldestPendingAt
        ? html`<p>${t.texts.health.waiting(pendingDeliveries, relativeTime(health.oldestPendingAt))}</p>`
        : nothing}
      <div class="actions">
        ${mayChange(webhook) && webhook.health.cause === "ATTEMPTS_FAIL" ? rejectedSecret(webhook, onChange) : nothing}
        ${session.may("admin") ? healthAction(webhook, onChange) : nothing}
        ${session.may("admin") ? reviewLink([webhook], nameOf(webhook)) : nothing}
      </div>
    </div>
  `;
}

/** The link to the failed deliveries of webhooks, in the smallest list that has all of them. */
export function reviewLink(webhooks, name) {
  const failing = webhooks.filter(({ failedDeliveries }) => failedDeliveries > 0);
  if (failing.length === 0) return nothing;
  const [first] = failing;
  const stack = failing.every(each => each.stack === first.stack) ? first.stack : "";
  const list = failing.length === 1 ? `${addressOf(first)}/deliveries` : "#/deliveries";
  const filter = { status: NOT_RESENT, hours: 24, stack: failing.length === 1 ? "" : stack };
  const text = t.failures.review;
  return html`<a class="button small" href=${list + query(filter)} aria-label="${text}: ${name}">${text}</a>`;
}

/**
 * The button that gives a webhook another secret.
 *
 * @param onChange is called with the changed webhook
 */
export const secretButton = (webhook, onChange, text = t.secret.rotate, label = text) => html`
  <button
    type="button"
    class="small"
    aria-label=${label}
    @click=${async () => (await import("./secret.js")).askToChangeSecret(webhook, onChange)}
  >${text}</button>
`;

/** The button for another secret if the receiver rejects the present one. */
function rejectedSecret(webhook, onChange) {
  import("./secret.js");
  return html`<rh-rejected-secret .webhook=${webhook} .onChange=${onChange}></rh-rejected-secret>`;
}

const RETRIED = ["ATTEMPTS_FAIL", "RETRIES_FAIL", "FIRST_ATTEMPTS_FAIL"];

function healthAction(webhook, onChange) {
  const button = (text, action) => html`
    <button type="button" class="small" aria-label="${text}: ${nameOf(webhook)}" @click=${() => attempt(action)}>
      ${text}
    </button>
  `;
  if (webhook.health.verdict === "PAUSED") return button(t.webhook.resume, () => resume(webhook, onChange));
  return canRetry(webhook) ? button(t.webhook.retry, () => retryAll(webhook)) : nothing;
}

/** Whether a retry of what waits may help. */
export const canRetry = ({ health: { verdict, cause }, pendingDeliveries }) =>
  verdict !== "PAUSED" && RETRIED.includes(cause) && pendingDeliveries > 0;

/** Ends the pause of a webhook. */
export async function resume(webhook, onChange) {
  onChange(await api.post(`${pathOf(webhook)}/resume`));
  toast(t.webhook.resumed);
}

/** Attempts at once what waits for a retry. */
export async function retryAll(webhook) {
  const { retried } = await api.post(`${pathOf(webhook)}/retry`, {});
  toast(t.webhook.retried(retried));
}

/**
 * Sends a test event and shows its result as it changes. A test of an account webhook creates no delivery.
 *
 * @param state the run state of a sample, or an empty text for a ping
 */
export async function sendTestEvent(webhook, state, show, signal) {
  show(t.test.sending);
  try {
    if (!webhook.stack) {
      show(finished(await api.post(`${pathOf(webhook)}/test`, { state })));
      return;
    }
    let delivery = await api.post(`${pathOf(webhook)}/${state ? "test" : "ping"}`, state ? { state } : {});
    const link = html`<a href="${addressOf(webhook)}/deliveries/${e(delivery.id)}">${t.test.view}</a>`;
    for (let i = 0; i < 120 && !signal.aborted; i++) {
      delivery = await api.get(`/deliveries/${e(delivery.id)}`, signal);
      const last = delivery.attempts.at(-1);
      if (delivery.status !== "PENDING" || last) show(html`${result(delivery, last)} ${link}`);
      else if (i > 5) show(html`${t.test.waiting(reason(delivery.explanation.at(-1)))} ${link}`);
      if (delivery.status !== "PENDING") return;
      await new Promise(resolve => setTimeout(resolve, i < 20 ? 150 : 1000));
    }
  } catch (problem) {
    if (problem.status === undefined && problem.name !== "AbortError") throw problem;
    if (problem.status !== undefined) show({ error: sentence(problem.message) });
  }
}

/** The template that an action returns, or its error as `{error}`. */
export function resultNotice(result) {
  const kind = result?.error ? "bad" : "info";
  return html`
    <p class="notice ${kind} more" role="status" ?hidden=${!result}>${result?.error ?? result ?? nothing}</p>
  `;
}

function result(delivery, last) {
  if (!last) return t.test.unfinished(deliveryBadge(delivery));
  const retry = delivery.status === "PENDING" ? ` ${t.test.retry(last.number)}` : "";
  return finished(last, retry);
}

/** @param {Api["Attempt"]} attempt */
function finished(attempt, retry = "") {
  const error = attempt.error ? ` ${attempt.error}.` : "";
  return html`${t.test.finished(outcomeBadge(attempt), duration(attempt.durationMs))}${retry}${error}`;
}
