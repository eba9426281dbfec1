import { html, nothing } from "lit";
import { api, e, query } from "../../api/api.js";
import { deliveryAction } from "../../components/delivery/delivery-actions.js";
import { request, response } from "../../components/delivery/exchange.js";
import { explanation } from "../../components/explanation.js";
import { neighborsOf } from "../../components/keys.js";
import { t } from "../../text/messages.js";
import { createdAt } from "../../components/delivery/delivery-search.js";
import { learnName, learnStack } from "../../api/names.js";
import { session } from "../../api/session.js";
import { View, attempt, facts, skeleton, title } from "../../components/view.js";
import { OPERATIONAL_KINDS, deliveryBadge, kindName, outcomeText, stateName } from "../../components/status-badges.js";
import { clockTime, dueTime, duration } from "../../text/time.js";
import "../../components/delivery/waterfall.js";
import { addressOf, mayChange, nameOf } from "../../components/webhook-actions.js";

/** A finished delivery is refreshed after this time: it may have been deleted. */
const SLOW_MS = 10_000;

/**
 * A delivery: the receiver's response, why the delivery has its status, and the request. Next to a list, `params` also
 * has the address of the `list`; `onOpen`, which is called with the id of another delivery; and `onProblem`.
 */
class DeliveryView extends View {
  start() {
    this.reload();
    const isPending = delivery => delivery?.status === "PENDING";
    const mayChange = () => isPending(this.delivery) || isPending(this.delivery?.resentAs);
    this.every(1500, () => (mayChange() || this.isOlderThan(SLOW_MS)) && this.load());
  }

  async receive() {
    const delivery = await api.get(`/deliveries/${e(this.params.delivery)}`, this.signal);
    const [webhook] = await Promise.all([
      this.webhook ?? this.findWebhook(delivery),
      learnStack(delivery.stack, this.signal),
    ]);
    learnName(delivery.id, titleOf(delivery));
    learnName(delivery.webhook, webhook ? nameOf(webhook) : t.delivery.deletedWebhook);
    return { delivery, webhook };
  }

  /** Returns null if the webhook is deleted. */
  async findWebhook({ stack, webhook }) {
    try {
      return await api.get(`/stacks/${e(stack)}/webhooks/${e(webhook)}`, this.signal);
    } catch (problem) {
      if (problem.status !== 404) throw problem;
      return null;
    }
  }

  showError(problem) {
    if (this.params.onProblem) this.params.onProblem(problem);
    else super.showError(problem);
  }

  /** Shows the redelivery, or the delivery again. */
  async showResult(redelivery) {
    if (!redelivery) await this.load();
    else if (this.params.onOpen) this.params.onOpen(redelivery.id);
    else location.hash = this.sibling(redelivery.id);
  }

  /** The URL of another delivery of the same webhook. */
  sibling(id) {
    return `${this.params.list ?? location.hash.replace(/\/[^/]+$/, "")}/${e(id)}`;
  }

  render() {
    const { delivery } = this;
    return html`
      ${title(delivery ? titleOf(delivery) : t.nav.delivery, delivery ? this.actions(delivery) : nothing)}
      <div class="stackup">${delivery ? this.content(delivery) : skeleton(6)}</div>
    `;
  }

  async cancel() {
    const { askToCancel } = await import("../../components/replay.js");
    askToCancel(this.delivery, () => this.load());
  }

  actions(delivery) {
    const style = delivery.status === "FAILED" && !delivery.resentAs ? "primary" : "";
    const [previous, next] = neighborsOf(location.hash);
    return html`
      ${neighborLink(previous, t.delivery.previous, "k")} ${neighborLink(next, t.delivery.next, "j")}
      ${deliveryBadge(delivery)}
      ${delivery.status === "PENDING" && !isSending(delivery) && this.webhook && session.may("admin")
        ? html`<button type="button" @click=${() => this.cancel()}>${t.cancelDeliveries.one}</button>`
        : nothing}
      ${delivery.run && this.webhook && mayChange(this.webhook)
        ? html`<button type="button" @click=${() => attempt(() => this.muteBranch())}>${t.delivery.mute}</button>`
        : nothing}
      ${this.webhook ? deliveryAction(delivery, redelivery => this.showResult(redelivery), style) : nothing}
    `;
  }

  /** Opens the form of the webhook, in which its filter leaves out the branch of the run. */
  async muteBranch() {
    const { stack, run } = this.delivery;
    const { branch } = await api.get(`/stacks/${e(stack)}/runs/${e(run)}`, this.signal);
    location.hash = addressOf(this.webhook) + query({ add: `branches:!${branch}` });
  }

  content(delivery) {
    const attempts = this.attempts(delivery);
    const attempt = attempts.find(each => each.number === this.selected) ?? attempts.at(-1);
    return html`
      ${delivery.resentAs ? resentNotice(delivery.resentAs, this.sibling(delivery.resentAs.id)) : nothing}
      ${details(delivery, this.webhook, id => this.sibling(id))}
      <div class="exchange">
        ${this.responses(attempts, attempt)}
        <section class="card" aria-labelledby="timeline">
          <h2 id="timeline">${t.delivery.timelines[delivery.phase] ?? t.delivery.waiting}</h2>
          <ol class="explanation">${explanation(delivery.explanation)}</ol>
        </section>
      </div>
      <rh-waterfall .delivery=${delivery} .attempts=${attempts}></rh-waterfall>
      ${request(requestOf(delivery, attempt))}
    `;
  }

  /** The attempts that have been loaded, ordered by number. */
  attempts({ attempts }) {
    return [...(this.earlier?.items ?? []).filter(({ number }) => number < attempts[0].number), ...attempts];
  }

  async loadEarlier() {
    const path = `/deliveries/${e(this.params.delivery)}/attempts`;
    const { items, next } = await api.get(path + query({ limit: 200, after: this.earlier?.next }), this.signal);
    this.set({ earlier: { items: [...items.reverse(), ...(this.earlier?.items ?? [])], next } });
  }

  /** The response to the selected attempt, or to the latest one. */
  responses(attempts, shown) {
    const hasEarlier = this.earlier ? this.earlier.next : this.delivery.attemptsTruncated;
    return html`
      <section class="card stackup" aria-labelledby="response">
        <div class="title">
          <h2 id="response">${t.delivery.response}</h2>
          ${attempts.length > 1
            ? html`
                <div class="actions" role="group" aria-label=${t.delivery.attempts}>
                  ${hasEarlier
                    ? html`<button type="button" class="small" @click=${() => this.guard(() => this.loadEarlier())}
                        >${t.delivery.earlier}</button>`
                    : nothing}
                  ${attempts.map(attempt => this.attemptButton(attempt, attempt === shown))}
                </div>
              `
            : nothing}
        </div>
        ${shown
          ? response(shown)
          : html`<p class="quiet">${isSending(this.delivery) ? t.delivery.sending : t.delivery.noAttempts}</p>`}
      </section>
    `;
  }

  attemptButton(attempt, isShown) {
    return html`
      <button
        type="button"
        class="small"
        aria-pressed=${String(isShown)}
        @click=${() => this.set({ selected: attempt.number })}
      >#${attempt.number} ${outcomeText(attempt)}</button>
    `;
  }
}

function titleOf(delivery) {
  const { kind, state, run } = delivery;
  return state ? t.delivery.title(stateName(state), run) : kindName(kind);
}

const isSending = ({ phase }) => phase === "SENDING";

/** Whether the next attempt depends on nothing but its time. */
const isScheduled = ({ phase }) => phase === "RETRYING" || phase === "DUE";

/** A link to another row of the list from which the user has come, and to which "back" still leads. */
function neighborLink(address, text, key) {
  if (!address) return nothing;
  const onClick = event => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    location.replace(address);
  };
  return html`<a class="button small" href=${address} aria-keyshortcuts=${key} @click=${onClick}>${text}</a>`;
}

function resentNotice({ id, status }, address) {
  const time = clockTime(new Date(createdAt(id)).toISOString());
  return html`
    <p class="notice ${status === "FAILED" ? "bad" : "info"}">
      ${t.delivery.resent(time, t.delivery.resentStatuses[status])}
      <a href=${address}>${t.delivery.viewRedelivery}</a>
    </p>
  `;
}

/** The request of the attempt, if it is known. */
function requestOf({ phase, request: latest }, attempt) {
  if (!attempt && isSending({ phase })) return { ...latest, source: "SENDING" };
  if (!attempt?.requestHeaders) return latest;
  const { number, endpoint, requestHeaders } = attempt;
  return { ...latest, source: "SENT", attempt: number, endpoint, headers: requestHeaders };
}

/** The webhook that an operational event is about, if the format of the body names it. */
function affectedWebhook({ kind, request: { body } }) {
  if (!body || !OPERATIONAL_KINDS.includes(kind)) return null;
  try {
    const event = JSON.parse(body);
    return (event.data ?? event).webhook ?? null;
  } catch {
    return null;
  }
}

const settingsLink = webhook => html`
  <a href=${addressOf(webhook)} aria-keyshortcuts="e">${mayChange(webhook) ? t.edit : t.settings}</a>
`;

function details(delivery, webhook, sibling) {
  const stack = `#/stacks/${e(delivery.stack)}`;
  const link = (href, text) => html`<a href=${href} dir="auto">${text}</a>`;
  const latency = () => duration(Date.parse(delivery.deliveredAt) - Date.parse(delivery.createdAt));
  const about = affectedWebhook(delivery);
  const run = () => [link(`${stack}/runs/${e(delivery.run)}`, delivery.run), ` #${delivery.stateVersion}`];
  return facts(
    [
      [
        t.delivery.webhook,
        webhook
          ? html`${link(`${addressOf(webhook)}/deliveries`, nameOf(webhook))}<span> · ${settingsLink(webhook)}</span>`
          : t.delivery.deletedWebhook,
      ],
      [t.delivery.stack, link(stack, delivery.stack)],
      delivery.run && [t.delivery.run, run()],
      about && [t.delivery.about, link(addressOf({ ...about, stack: delivery.stack }), nameOf(about))],
      [t.delivery.created, clockTime(delivery.createdAt)],
      delivery.deliveredAt && [t.delivery.delivered, [clockTime(delivery.deliveredAt), t.delivery.after(latency())]],
      isScheduled(delivery) && [t.delivery.nextAttempt, dueTime(delivery.nextAttemptAt)],
      delivery.redeliveryOf && [t.delivery.redelivery, link(sibling(delivery.redeliveryOf), t.delivery.original)],
      [t.delivery.id, html`<code>${delivery.id}</code>`],
    ],
    "facts card strip",
  );
}

customElements.define("rh-delivery", DeliveryView);
