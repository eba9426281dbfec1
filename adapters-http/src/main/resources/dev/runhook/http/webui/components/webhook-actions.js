/** Actions on an existing webhook. */

import { html, nothing } from "lit";
import { live } from "lit/directives/live.js";
import { api, e, query } from "../api/api.js";
import { toast } from "./view.js";
import "./switch.js";
import { ask } from "./dialog.js";
import { t } from "../text/messages.js";
import { NOT_RESENT } from "../api/query.js";
import { session } from "../api/session.js";
import { sentence } from "../text/text.js";
import {
  STATES,
  cannotDecrypt,
  deliveryBadge,
  describeStatus,
  isDisabledByUser,
  isRetrying,
  outcomeBadge,
  stateName,
} from "./status-badges.js";
import { reason } from "./explanation.js";
import { duration } from "../text/time.js";

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

/** The most recently added webhook, until the list has highlighted it. */
export const added = { id: null };

/**
 * The switch that enables or disables a webhook. It follows changes that are made elsewhere.
 *
 * @param label the accessible name, which names the webhook if there are several
 */
export function enabledSwitch(webhook, onChange, label = t.webhook.enabled) {
  const describe = on => {
    if (!on) return t.webhook.notDelivered;
    return cannotDecrypt(webhook) || webhook.status?.state === "PAUSED" ? t.webhook.queued : t.webhook.delivered;
  };
  const change = async enabled => {
    try {
      const updated = await api.patch(pathOf(webhook), { enabled });
      onChange(updated);
      return updated.enabled;
    } catch (problem) {
      if (problem.status === undefined) throw problem;
      toast(problem.message);
      return !enabled;
    }
  };
  return html`
    <rh-switch label=${label} .on=${live(webhook.enabled)} .describe=${describe} .change=${change}></rh-switch>
  `;
}

/** Runs an action whose problem is shown as a message. */
export async function attempt(action) {
  try {
    await action();
  } catch (problem) {
    if (problem.status === undefined) throw problem;
    toast(problem.message);
  }
}

/**
 * The status of a webhook that has a problem, with the buttons that solve it.
 *
 * @param onChange is called with the changed webhook
 * @param {Api["Webhook"]} webhook
 */
export function statusNotice(webhook, onChange, style = "") {
  const text = describeStatus(webhook);
  const { failedDeliveries } = webhook;
  if (!text && failedDeliveries === 0) return nothing;
  const isBad = cannotDecrypt(webhook) || (!text && failedDeliveries > 0);
  const kind = isBad ? "bad" : isDisabledByUser(webhook) ? "idle" : "";
  return html`
    <div class="notice ${kind} ${style}">
      ${text ? html`<p>${text}</p>` : nothing}
      ${failedDeliveries > 0 ? html`<p>${t.failures.recent(failedDeliveries)}</p>` : nothing}
      <div class="actions">
        ${session.may("admin") ? statusAction(webhook, onChange) : nothing}
        ${failedDeliveries > 0 ? reviewLink(webhook) : nothing}
      </div>
    </div>
  `;
}

function reviewLink(webhook) {
  const href = `${addressOf(webhook)}/deliveries${query({ status: NOT_RESENT, hours: 24 })}`;
  const text = t.failures.review;
  return html`<a class="button small" href=${href} aria-label="${text}: ${nameOf(webhook)}">${text}</a>`;
}

function statusAction(webhook, onChange) {
  const button = (text, action) => html`
    <button type="button" class="small" aria-label="${text}: ${nameOf(webhook)}" @click=${() => attempt(action)}>
      ${text}
    </button>
  `;
  if (cannotDecrypt(webhook)) return nothing;
  if (webhook.status.state === "PAUSED") return button(t.webhook.resume, () => resume(webhook, onChange));
  return isRetrying(webhook) ? button(t.webhook.retry, () => retryAll(webhook)) : nothing;
}

async function resume(webhook, onChange) {
  onChange(await api.post(`${pathOf(webhook)}/resume`));
  toast(t.webhook.resumed);
}

async function retryAll(webhook) {
  const { retried } = await api.post(`${pathOf(webhook)}/retry`, {});
  toast(t.webhook.retried(retried));
}

/** @param {Api["Webhook"]} webhook */
export function askToDelete(webhook, onDeleted) {
  const { pendingDeliveries = 0 } = webhook;
  return ask({
    title: t.webhook.deleteTitle,
    text: html`
      <p>${t.webhook.deleteText(html`<b dir="auto">${nameOf(webhook)}</b>`, pendingDeliveries)}</p>
      <p class="quiet">${t.webhook.deleteHint}</p>
    `,
    submit: t.webhook.delete,
    danger: true,
    async send() {
      await api.delete(pathOf(webhook));
      toast(t.webhook.deleted);
      onDeleted();
    },
  });
}

export function askToRotateSecret(webhook, onRotated) {
  const isRoutingKey = webhook.format === "pagerduty"; // its receiver ignores the signatures
  const maySign = !cannotDecrypt(webhook) && !isRoutingKey; // a secret that cannot be decrypted cannot sign
  return ask({
    title: t.secret.rotateTitle,
    text: isRoutingKey ? nothing : html`<p class="notice">${t.secret.rotateText}</p>`,
    values: { overlap: isRoutingKey ? "PT0S" : "PT24H", secret: "" },
    content: form => html`
      ${maySign
        ? form.select({
            name: "overlap",
            label: t.secret.overlap,
            hint: t.secret.overlapHint,
            options: Object.entries(t.secret.overlaps),
          })
        : nothing}
      ${form.text({
        name: "secret",
        label: isRoutingKey ? t.webhook.routingKey : t.secret.new,
        hint: isRoutingKey ? t.webhook.routingKeyHint : t.secret.newHint,
        required: isRoutingKey,
      })}
    `,
    submit: t.secret.rotate,
    danger: true,
    async send({ overlap, secret }) {
      onRotated(await api.post(`${pathOf(webhook)}/secret`, secret ? { overlap, secret } : { overlap }));
      toast(t.secret.rotated);
    },
  });
}

/** Expires the previous secret early. */
export function askToExpireSecret(webhook, onExpired) {
  return ask({
    title: t.secret.expireTitle,
    text: html`<p class="notice">${t.secret.expireText}</p>`,
    submit: t.secret.expire,
    danger: true,
    async send() {
      await api.delete(`${pathOf(webhook)}/previous-secret`);
      toast(t.secret.expired);
      onExpired();
    },
  });
}

/**
 * The form that sends a test event, and its result. An account webhook gets no ping.
 *
 * @param view keeps the result
 */
export function testSection(view, webhook) {
  const hint = webhook.stack ? t.test.hint : t.test.exampleHint;
  const send = event => {
    event.preventDefault();
    const state = new FormData(event.target).get("state");
    sendTestEvent(webhook, state, result => view.set({ result }), view.signal);
  };
  return html`
    <section class="card" aria-label=${t.test.title}>
      <h2>${t.test.title}</h2>
      <p class="hint">${webhook.enabled ? hint : t.test.needsEnabled}</p>
      ${webhook.enabled
        ? html`
            <form class="actions more" @submit=${send}>
              <label>
                ${t.test.event}
                <select name="state">
                  ${webhook.stack ? html`<option value="">${t.delivery.kinds.ping}</option>` : nothing}
                  ${STATES.map(state => html`<option value=${state}>${stateName(state)}</option>`)}
                </select>
              </label>
              <button>${t.test.send}</button>
            </form>
            ${resultNotice(view.result)}
          `
        : nothing}
    </section>
  `;
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
  if (!last) return t.test.unfinished(deliveryBadge({ ...delivery, attemptCount: 0 }));
  const retry = delivery.status === "PENDING" ? ` ${t.test.retry(last.number)}` : "";
  return finished(last, retry);
}

/** @param {Api["Attempt"]} attempt */
function finished(attempt, retry = "") {
  const error = attempt.error ? ` ${attempt.error}.` : "";
  return html`${t.test.finished(outcomeBadge(attempt), duration(attempt.durationMs))}${retry}${error}`;
}
