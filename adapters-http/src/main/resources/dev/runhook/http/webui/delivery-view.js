import { html, nothing } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { api, e } from "./api.js";
import { plural } from "./text.js";
import { View, facts, skeleton, title, toast } from "./view.js";
import { outcomeBadge, stateBadge, deliveryBadge } from "./status-badges.js";
import { dueTime, duration, exact, withLocalTimes, relativeTime } from "./time.js";
import { copyButton } from "./clipboard.js";
import { session } from "./session.js";

/// A delivery: its timeline, attempts, facts and request.
class DeliveryView extends View {
  start() {
    this.guard(() => this.load());
    this.every(1500, () => (this.delivery?.status === "PENDING" ? this.load() : null));
  }

  get path() {
    return `/deliveries/${e(this.params.delivery)}`;
  }

  async load() {
    const delivery = await api.get(this.path, this.signal);
    this.set({ delivery, webhook: this.webhook ?? (await this.findWebhook(delivery)) });
  }

  /// Returns an empty object if the webhook is deleted.
  async findWebhook({ stack, webhook }) {
    try {
      return await api.get(`/stacks/${e(stack)}/webhooks/${e(webhook)}`, this.signal);
    } catch (problem) {
      if (problem.status !== 404) throw problem;
      return {};
    }
  }

  async redeliver() {
    const redelivery = await api.post(`${this.path}/redeliver`, {});
    toast("Redelivery queued");
    location.hash = sibling(redelivery.id);
  }

  async retry() {
    await api.post(`${this.path}/retry`, {});
    toast("Sent now");
    await this.load();
  }

  /// Runs an action of a button, which is inactive meanwhile.
  async run(action) {
    if (this.isBusy) return;
    this.set({ isBusy: true });
    try {
      await action();
    } catch (problem) {
      if (problem.status === undefined) throw problem;
      toast(problem.message);
    } finally {
      this.set({ isBusy: false });
    }
  }

  render() {
    const { delivery } = this;
    return delivery
      ? [title(nameOf(delivery), this.actions(delivery)), html`<div>${this.content(delivery)}</div>`]
      : [title("Delivery"), html`<div>${skeleton(6)}</div>`];
  }

  actions(delivery) {
    const [text, action] =
      delivery.status === "PENDING" ? ["Retry now", () => this.retry()] : ["Redeliver", () => this.redeliver()];
    return html`
      ${deliveryBadge(delivery)}
      ${session.may("admin") && this.webhook.id
        ? html`
            <button
              type="button"
              aria-disabled=${String(Boolean(this.isBusy))}
              @click=${() => this.run(action)}
            >${text}</button>
          `
        : nothing}
    `;
  }

  content(delivery) {
    return html`
      <div class="stackup">
        ${timeline(delivery)}
        <div class="grid2">
          ${attempts(delivery)}
          <div class="stackup">${details(delivery, this.webhook)}${request(delivery)}</div>
        </div>
      </div>
    `;
  }
}

const nameOf = delivery => (delivery.kind === "ping" ? "Ping" : `${delivery.run} · ${delivery.state}`);

/// The URL of another delivery, next to the one that is shown.
const sibling = id => location.hash.replace(/[^/]+$/, e(id));

function timeline(delivery) {
  return html`
    <section class="card" aria-label="Timeline">
      <h2>Timeline</h2>
      <ol class="explanation">${delivery.explanation.map(({ text }) => html`<li>${withLocalTimes(text)}</li>`)}</ol>
    </section>
  `;
}

function details(delivery, webhook) {
  const stack = `#/stacks/${e(delivery.stack)}`;
  const link = (href, text, style = nothing) => html`<a href=${href} class=${style}>${text}</a>`;
  const name = webhook.name || webhook.endpoint;
  const run = () => link(`${stack}/runs/${e(delivery.run)}`, delivery.run, "code");
  const latency = () => duration(Date.parse(delivery.deliveredAt) - Date.parse(delivery.createdAt));
  const rows = [
    ["Id", html`<code>${delivery.id}</code>`],
    [
      "Webhook",
      webhook.id ? link(`${stack}/settings/integrations/${e(webhook.id)}/deliveries`, name) : "Deleted webhook",
    ],
    delivery.run && ["Event", [stateBadge(delivery.state), ` #${delivery.stateVersion} of `, run()]],
    ["Created", relativeTime(delivery.createdAt)],
    delivery.deliveredAt && ["Delivered", [relativeTime(delivery.deliveredAt), ` · after ${latency()}`]],
    delivery.nextAttemptAt && ["Next attempt", dueTime(delivery.nextAttemptAt)],
    delivery.redeliveryOf && ["Redelivery", link(sibling(delivery.redeliveryOf), "Original delivery")],
  ];
  return html`<section class="card" aria-label="Details">${facts(rows)}</section>`;
}

const SOURCES = {
  SENT: ({ attempt, endpoint }) => `Sent to ${endpoint} (attempt ${attempt})`,
  RECONSTRUCTED: () =>
    "Reconstructed from current settings: the last attempt sent nothing, or its request is not known.",
  PREVIEW: () => "Preview. Not sent yet.",
};

function request(delivery) {
  const sent = delivery.request;
  return html`
    <section class="card stackup" aria-label="Request">
      <div class="title">
        <h2>Request</h2>
        ${sent.body === null ? nothing : copyButton(sent.body, "Copy the body")}
      </div>
      <p class="hint">${SOURCES[sent.source](sent)}</p>
      ${sent.body === null
        ? html`<p class="quiet">Payload erased on request. SHA-256: <code>${sent.bodySha256}</code></p>`
        : html`<pre class="payload" tabindex="0" aria-label="Request body">${pretty(sent.body)}</pre>`}
      <details>
        <summary>${plural(Object.keys(sent.headers).length, "header")}</summary>
        ${headers(sent.headers)}
      </details>
    </section>
  `;
}

function attempts({ attempts: made }) {
  return html`
    <section class="card" aria-label="Attempts">
      <h2>${plural(made.length, "attempt")}</h2>
      ${made.length === 0
        ? html`<p class="quiet">No attempts yet.</p>`
        : repeat(made.toReversed(), each => each.number, attempt)}
    </section>
  `;
}

function attempt(each) {
  return html`
    <div class="attempt">
      <div class="head">
        <b>#${each.number}</b>
        ${outcomeBadge(each)}
        <span>${duration(each.durationMs)}</span>
        <span class="quiet" title=${exact(each.startedAt)}>${relativeTime(each.startedAt)}</span>
      </div>
      ${each.error ? html`<p class="more">${each.error}</p>` : nothing}
      ${each.responseHeaders ? response(each) : nothing}
    </div>
  `;
}

function response({ responseHeaders, responseBody, responseTruncated }) {
  return html`
    <details>
      <summary>Response</summary>
      ${headers(responseHeaders)}
      ${responseBody
        ? html`<pre class="payload more" tabindex="0" aria-label="Response body">${responseBody}</pre>`
        : html`<p class="quiet">Empty response body</p>`}
      ${responseTruncated ? html`<p class="quiet small">Truncated to 16 KiB.</p>` : nothing}
    </details>
  `;
}

function headers(named) {
  const rows = Object.entries(named).map(
    ([name, value]) => html`<tr><th scope="row">${name}</th><td>${value}</td></tr>`,
  );
  return html`<table class="headers"><tbody>${rows}</tbody></table>`;
}

/// Formats a JSON body for reading. The copy button copies the original text.
function pretty(body) {
  try {
    return JSON.stringify(JSON.parse(body), null, 2);
  } catch {
    return body;
  }
}

customElements.define("rh-delivery", DeliveryView);
