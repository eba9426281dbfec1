import { h, keepFocus, plural } from "./dom.js";
import { api, e } from "./api.js";
import { View, ghost, title, toast } from "./view.js";
import { outcomeMark, stateMark, statusMark } from "./marks.js";
import { due, duration, exact, timed, when } from "./time.js";
import { copyButton } from "./copy.js";
import { session } from "./session.js";

/// One delivery: what was sent, what came back, and why it stands as it does.
class DeliveryView extends View {
  show() {
    this.heading = title("Delivery");
    this.place = h("div", {}, ghost(6));
    this.append(this.heading, this.place);
    this.guard(() => this.load());
    this.every(1500, () => (this.status === "PENDING" ? this.load() : null));
  }

  async load() {
    const delivery = await api.get(`/deliveries/${e(this.params.delivery)}`, this.signal);
    this.webhook ??= await this.addressee(delivery);
    const print = JSON.stringify([delivery.status, delivery.nextAttemptAt, delivery.attempts, delivery.explanation]);
    if (print === this.print) return;
    this.print = print;
    this.status = delivery.status;
    const open = new Set([...this.querySelectorAll("details[open]")].map(each => each.dataset.of));
    keepFocus(this, this, () => this.draw(delivery));
    this.querySelectorAll("details").forEach(each => (each.open = open.has(each.dataset.of)));
  }

  /// To whom it goes; nobody where the webhook is deleted.
  async addressee({ stack, webhook }) {
    try {
      return await api.get(`/stacks/${e(stack)}/webhooks/${e(webhook)}?secrets=false`, this.signal);
    } catch (problem) {
      if (problem.status !== 404) throw problem;
      return {};
    }
  }

  draw(delivery) {
    this.querySelector("h1").textContent = delivery.kind === "ping" ? "Ping" : `${delivery.run} · ${delivery.state}`;
    const may = session.may("admin");
    this.heading
      .querySelector(".actions")
      .replaceChildren(statusMark(delivery), ...(may ? [h("button", { type: "button", onclick: event => this.again(event.currentTarget) }, "Redeliver")] : []));
    this.place.replaceChildren(
      h(
        "div",
        { class: "stackup" },
        h("section", { class: "card", "aria-label": "Why it stands as it does" }, h("h2", {}, "Why it stands as it does"), h("ol", { class: "explain" }, delivery.explanation.map(sentence => h("li", {}, timed(sentence))))),
        h("div", { class: "grid2" }, attempts(delivery), h("div", { class: "stackup" }, facts(delivery, this.webhook), request(delivery))),
      ),
    );
  }

  async again(button) {
    if (button.ariaDisabled === "true") return;
    button.ariaDisabled = "true";
    try {
      const fresh = await api.post(`/deliveries/${e(this.params.delivery)}/redeliver`, {});
      toast("It is sent again, as a delivery of its own.");
      location.hash = location.hash.replace(/[^/]+$/, fresh.id);
    } catch (problem) {
      if (problem.status === undefined) throw problem;
      toast(problem.message);
    } finally {
      button.ariaDisabled = null;
    }
  }
}

function facts(delivery, webhook) {
  const stack = `#/stacks/${e(delivery.stack)}`;
  const rows = [
    ["Id", h("code", {}, delivery.id)],
    webhook.id ? ["Goes to", h("a", { href: `${stack}/settings/integrations/${e(webhook.id)}/deliveries` }, webhook.name || webhook.endpoint)] : null,
    delivery.run ? ["Tells of", [stateMark(delivery.state), ` version ${delivery.stateVersion} of `, h("a", { class: "code", href: `${stack}/runs/${e(delivery.run)}` }, delivery.run)]] : null,
    ["Created", when(delivery.createdAt)],
    delivery.deliveredAt ? ["Delivered", [when(delivery.deliveredAt), ` · after ${duration(Date.parse(delivery.deliveredAt) - Date.parse(delivery.createdAt))}`]] : null,
    delivery.nextAttemptAt ? ["Next attempt", due(delivery.nextAttemptAt)] : null,
    delivery.redeliveryOf ? ["Sent again", h("a", { href: location.hash.replace(/[^/]+$/, delivery.redeliveryOf) }, "the one before")] : null,
  ].filter(Boolean);
  return h("section", { class: "card", "aria-label": "Facts" }, h("dl", { class: "facts" }, rows.map(([name, value]) => [h("dt", {}, name), h("dd", {}, value)])));
}

const BASES = {
  SENT: (sent) => `As attempt ${sent.attempt} sent it, to ${sent.endpoint}`,
  RECONSTRUCTED: () => "Worked out from the webhook as it is now: the last attempt sent nothing, or what it sent is not known.",
  PREVIEW: () => "Not sent yet: as it would be sent now.",
};

function request(delivery) {
  const sent = delivery.request;
  return h(
    "section",
    { class: "card stackup", "aria-label": "Request" },
    h("div", { class: "title" }, h("h2", {}, "Request"), sent.body === null ? null : copyButton(sent.body, "Copy the body")),
    h("p", { class: "hint" }, BASES[sent.source](sent)),
    sent.body === null
      ? h("p", { class: "quiet" }, "Its body was forgotten on demand; its SHA-256 was ", h("code", {}, sent.bodySha256))
      : h("pre", { class: "payload", tabindex: "0", "aria-label": "Body of the request" }, pretty(sent.body)),
    h("details", { "data-of": "request" }, h("summary", {}, plural(Object.keys(sent.headers).length, "header")), headers(sent.headers)),
  );
}

function attempts(delivery) {
  return h(
    "section",
    { class: "card", "aria-label": "Attempts" },
    h("h2", {}, plural(delivery.attempts.length, "attempt")),
    delivery.attempts.length === 0 ? h("p", { class: "quiet" }, "None was made yet.") : delivery.attempts.toReversed().map(attempt),
  );
}

function attempt(made) {
  return h(
    "div",
    { class: "attempt" },
    h("div", { class: "head" }, h("b", {}, `#${made.number}`), outcomeMark(made), h("span", {}, duration(made.durationMs)), h("span", { class: "quiet", title: exact(made.startedAt) }, when(made.startedAt))),
    made.error ? h("p", { class: "more" }, made.error) : null,
    made.responseHeaders
      ? h("details", { "data-of": made.number }, h("summary", {}, "Response"), headers(made.responseHeaders), made.responseBody ? h("pre", { class: "payload more", tabindex: "0", "aria-label": "Body of the response" }, made.responseBody) : h("p", { class: "quiet" }, "without a body"), made.responseTruncated ? h("p", { class: "quiet small" }, "Only its beginning is kept.") : null)
      : null,
  );
}

function headers(named) {
  return h("table", { class: "headers" }, h("tbody", {}, Object.entries(named).map(([name, value]) => h("tr", {}, h("th", { scope: "row" }, name), h("td", {}, value)))));
}

/// For reading; what was sent is copied as it was.
function pretty(body) {
  try {
    return JSON.stringify(JSON.parse(body), null, 2);
  } catch {
    return body;
  }
}

customElements.define("rh-delivery", DeliveryView);
