import { h, keepFocus, plural } from "./dom.js";
import { api, e } from "./api.js";
import { View, skeleton, title, toast } from "./view.js";
import { outcomeBadge, stateBadge, deliveryBadge } from "./status-badges.js";
import { dueTime, duration, exact, withLocalTimes, relativeTime } from "./time.js";
import { copyButton } from "./clipboard.js";
import { session } from "./session.js";

/// A delivery: its timeline, attempts, facts and request.
class DeliveryView extends View {
  show() {
    this.heading = title("Delivery");
    this.content = h("div", {}, skeleton(6));
    this.append(this.heading, this.content);
    this.guard(() => this.load());
    this.every(1500, () => (this.status === "PENDING" ? this.load() : null));
  }

  async load() {
    const delivery = await api.get(`/deliveries/${e(this.params.delivery)}`, this.signal);
    this.webhook ??= await this.findWebhook(delivery);
    const state = JSON.stringify([delivery.status, delivery.nextAttemptAt, delivery.attempts, delivery.explanation]);
    if (state === this.state) return;
    this.state = state;
    this.status = delivery.status;
    const open = new Set([...this.querySelectorAll("details[open]")].map(each => each.dataset.of));
    keepFocus(this, this, () => this.draw(delivery));
    this.querySelectorAll("details").forEach(each => (each.open = open.has(each.dataset.of)));
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

  draw(delivery) {
    this.querySelector("h1").textContent = delivery.kind === "ping" ? "Ping" : `${delivery.run} · ${delivery.state}`;
    const redeliver = h(
      "button",
      { type: "button", onclick: event => this.redeliver(event.currentTarget) },
      "Redeliver",
    );
    const actions = session.may("admin") && this.webhook.id ? [redeliver] : [];
    this.heading.querySelector(".actions").replaceChildren(deliveryBadge(delivery), ...actions);
    const details = h("div", { class: "stackup" }, facts(delivery, this.webhook), request(delivery));
    this.content.replaceChildren(
      h("div", { class: "stackup" }, timeline(delivery), h("div", { class: "grid2" }, attempts(delivery), details)),
    );
  }

  async redeliver(button) {
    if (button.ariaDisabled === "true") return;
    button.ariaDisabled = "true";
    try {
      const redelivery = await api.post(`/deliveries/${e(this.params.delivery)}/redeliver`, {});
      toast("Redelivery queued");
      location.hash = location.hash.replace(/[^/]+$/, redelivery.id);
    } catch (problem) {
      if (problem.status === undefined) throw problem;
      toast(problem.message);
    } finally {
      button.ariaDisabled = null;
    }
  }
}

function timeline(delivery) {
  return h(
    "section",
    { class: "card", "aria-label": "Timeline" },
    h("h2", {}, "Timeline"),
    h("ol", { class: "explanation" }, delivery.explanation.map(text => h("li", {}, withLocalTimes(text)))),
  );
}

function facts(delivery, webhook) {
  const stack = `#/stacks/${e(delivery.stack)}`;
  const link = (href, text, style) => h("a", { href, class: style }, text);
  const name = webhook.name || webhook.endpoint;
  const run = () => link(`${stack}/runs/${e(delivery.run)}`, delivery.run, "code");
  const latency = () => duration(Date.parse(delivery.deliveredAt) - Date.parse(delivery.createdAt));
  const original = () => link(location.hash.replace(/[^/]+$/, delivery.redeliveryOf), "Original delivery");
  const rows = [
    ["Id", h("code", {}, delivery.id)],
    [
      "Webhook",
      webhook.id ? link(`${stack}/settings/integrations/${e(webhook.id)}/deliveries`, name) : "Deleted webhook",
    ],
    delivery.run ? ["Event", [stateBadge(delivery.state), ` #${delivery.stateVersion} of `, run()]] : null,
    ["Created", relativeTime(delivery.createdAt)],
    delivery.deliveredAt ? ["Delivered", [relativeTime(delivery.deliveredAt), ` · after ${latency()}`]] : null,
    delivery.nextAttemptAt ? ["Next attempt", dueTime(delivery.nextAttemptAt)] : null,
    delivery.redeliveryOf ? ["Redelivery", original()] : null,
  ].filter(Boolean);
  return h(
    "section",
    { class: "card", "aria-label": "Details" },
    h("dl", { class: "facts" }, rows.map(([label, value]) => [h("dt", {}, label), h("dd", {}, value)])),
  );
}

const SOURCES = {
  SENT: ({ attempt, endpoint }) => `Sent to ${endpoint} (attempt ${attempt})`,
  RECONSTRUCTED: () =>
    "Reconstructed from current settings: the last attempt sent nothing, or its request is not known.",
  PREVIEW: () => "Preview. Not sent yet.",
};

function request(delivery) {
  const sent = delivery.request;
  const count = plural(Object.keys(sent.headers).length, "header");
  return h(
    "section",
    { class: "card stackup", "aria-label": "Request" },
    h(
      "div",
      { class: "title" },
      h("h2", {}, "Request"),
      sent.body === null ? null : copyButton(sent.body, "Copy the body"),
    ),
    h("p", { class: "hint" }, SOURCES[sent.source](sent)),
    sent.body === null
      ? h("p", { class: "quiet" }, "Payload erased on request. SHA-256: ", h("code", {}, sent.bodySha256))
      : h("pre", { class: "payload", tabindex: "0", "aria-label": "Request body" }, pretty(sent.body)),
    h("details", { "data-of": "request" }, h("summary", {}, count), headers(sent.headers)),
  );
}

function attempts(delivery) {
  return h(
    "section",
    { class: "card", "aria-label": "Attempts" },
    h("h2", {}, plural(delivery.attempts.length, "attempt")),
    delivery.attempts.length === 0
      ? h("p", { class: "quiet" }, "No attempts yet.")
      : delivery.attempts.toReversed().map(attempt),
  );
}

function attempt(each) {
  return h(
    "div",
    { class: "attempt" },
    h(
      "div",
      { class: "head" },
      h("b", {}, `#${each.number}`),
      outcomeBadge(each),
      h("span", {}, duration(each.durationMs)),
      h("span", { class: "quiet", title: exact(each.startedAt) }, relativeTime(each.startedAt)),
    ),
    each.error ? h("p", { class: "more" }, each.error) : null,
    each.responseHeaders ? response(each) : null,
  );
}

function response({ number, responseHeaders, responseBody, responseTruncated }) {
  const bodyProps = { class: "payload more", tabindex: "0", "aria-label": "Response body" };
  return h(
    "details",
    { "data-of": number },
    h("summary", {}, "Response"),
    headers(responseHeaders),
    responseBody ? h("pre", bodyProps, responseBody) : h("p", { class: "quiet" }, "Empty response body"),
    responseTruncated ? h("p", { class: "quiet small" }, "Truncated to 16 KiB.") : null,
  );
}

function headers(named) {
  const rows = Object.entries(named).map(([name, value]) =>
    h("tr", {}, h("th", { scope: "row" }, name), h("td", {}, value)),
  );
  return h("table", { class: "headers" }, h("tbody", {}, rows));
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
