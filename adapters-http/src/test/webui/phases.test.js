import assert from "node:assert/strict";
import { after, test } from "node:test";
import { GlobalRegistrator } from "@happy-dom/global-registrator";

GlobalRegistrator.register({ url: "http://localhost/" });
window.early = new Map();
after(() => GlobalRegistrator.unregister()); // ends the timers of the modules
const { render } = await import("lit");
const { session } = await import("./src/api/session.js");
const { deliveryAction } = await import("./src/components/delivery/delivery-actions.js");
const { segments } = await import("./src/components/delivery/waterfall.js");
const { reason } = await import("./src/components/explanation.js");
const { deliveryBadge, outcomeMark } = await import("./src/components/status-badges.js");
await import("./src/components/delivery/delivery-list.js");
await import("./src/views/webhook/delivery-view.js");

const PHASES = ["SENDING", "DUE", "RETRYING", "WAITING_FOR_LANE", "PAUSED", "DISABLED", "DELIVERED", "FAILED"];

const shown = template => {
  const element = document.createElement("div");
  render(template, element);
  return element;
};

const textOf = template => shown(template).textContent.replace(/\s+/g, " ").trim();

const settle = async () => {
  for (let i = 0; i < 40; i++) await Promise.resolve();
};

test("each phase has its own glyph and word, in lists and in the matrix of a run", () => {
  const badges = PHASES.map(phase => shown(deliveryBadge({ phase, resentAs: null })).firstElementChild);
  const marks = PHASES.map(phase => outcomeMark({ delivery: "1", phase }));

  assert.deepEqual(badges.map(badge => badge.textContent), [
    "Sending", "Due", "Retrying", "Waits for an earlier one", "Waits: paused", "Waits: disabled", "Delivered", "Failed",
  ]);
  assert.deepEqual(marks.map(({ text }) => text), badges.map(badge => badge.textContent));
  assert.deepEqual(marks.map(({ glyph }) => glyph), badges.map(badge => badge.dataset.glyph));
  assert.equal(new Set(marks.map(({ glyph }) => glyph)).size, PHASES.length);
  assert.equal(outcomeMark({ delivery: null, phase: null }).text, "Not sent");
});

test("a failed delivery says that its event has arrived since", () => {
  const badge = status => textOf(deliveryBadge({ phase: "FAILED", resentAs: status && { id: "2", status } }));

  assert.deepEqual([badge("DELIVERED"), badge("PENDING"), badge("FAILED"), badge(null)], [
    "Failed, resent ✓", "Failed", "Failed", "Failed",
  ]);
});

test("only what helps a delivery is offered", context => {
  context.mock.method(session, "may", () => true);
  const action = (phase, resentAs = null) =>
    textOf(deliveryAction({ id: "1", stack: "net", webhook: "2", phase, resentAs }, () => {}));

  assert.deepEqual(PHASES.map(phase => action(phase)), [
    "", "", "Retry now", "", "Resume now", "", "Redeliver", "Redeliver",
  ]);
  assert.equal(action("FAILED", { id: "3", status: "DELIVERED" }), "Redeliver again");
});

test("only a lease is called sending", () => {
  const at = new Date().toISOString();
  const text = (code, params) => textOf(reason({ code, params, text: "" }));

  assert.equal(text("SENDING", { number: "2" }), "Sending now: attempt 2.");
  assert.match(text("UNCLAIMED", { at }), /^Due since .*; no process has taken it yet\.$/);
  assert.match(text("DUE", { at }), /^Next attempt at /);
});

/** @param {Partial<Api["DeliveryDetails"]>} changes */
function viewOf(changes) {
  const delivery = {
    id: "0197a9f3-1b7a-7c44-8a02-6f3c2d9e0b11", stack: "net", webhook: "2", kind: "ping", status: "PENDING",
    attemptCount: 1, nextAttemptAt: "2026-01-02T03:04:05Z", createdAt: "2026-01-02T03:04:05Z", attempts: [],
    explanation: [], resentAs: null,
    request: { source: "PREVIEW", attempt: 1, endpoint: "https://a.example", headers: {}, body: "{}" },
    ...changes,
  };
  const view = Object.assign(document.createElement("rh-delivery"), { params: { delivery: delivery.id }, delivery });
  return textOf(view.content(delivery));
}

test("a delivery whose first attempt is under way is not called a preview", () => {
  const sending = viewOf({ phase: "SENDING" });
  const waiting = viewOf({ phase: "WAITING_FOR_LANE", nextAttemptAt: null });

  assert.match(sending, /The first attempt is under way.*Being sent to https:\/\/a\.example \(attempt 1\)/);
  assert.doesNotMatch(sending, /No attempts yet|Not sent yet|Next attempt|Why it's waiting/);
  assert.match(waiting, /No attempts yet.*Why it's waiting.*Preview\. Not sent yet/);
});

test("a failed delivery shows what it was resent as", () => {
  const id = "0197a9f3-1b7a-7c44-8a02-6f3c2d9e0b22";
  const text = status => viewOf({ status: "FAILED", phase: "FAILED", resentAs: status && { id, status } });

  assert.match(text("DELIVERED"), /Resent at .*: delivered\. View redelivery/);
  assert.match(text("FAILED"), /: failed again\./);
  assert.doesNotMatch(text(null), /Resent/);
});

test("a search for a run says why nothing was sent", async context => {
  const explanation = [{ code: "SKIPPED_BRANCH", params: { branch: "feature" }, text: "" }];
  const outcome = (webhook, delivery) => ({ webhook, delivery, phase: null, explanation });
  const transitions = [1, 2, 3].map(stateVersion => ({
    state: "PLANNING",
    stateVersion,
    timestamp: "2026-01-02T03:04:05Z",
    webhooks: [outcome("w1", stateVersion === 1 ? "d1" : null), outcome("w2", null)],
  }));
  const respond = body => new Response(JSON.stringify(body));
  context.mock.method(globalThis, "fetch", async url => {
    if (url.includes("/explanation")) return respond({ transitions, nextTransitions: null });
    return respond({ items: [], next: null });
  });
  const list = Object.assign(document.createElement("rh-delivery-list"), {
    params: { stack: "net", webhook: "w1", query: { run: "run-1" } },
    path: "/stacks/net/webhooks/w1/deliveries",
    address: "#/stacks/net/settings/integrations/w1/deliveries",
    ofWebhook: true,
  });

  await list.load();
  await settle();

  const rows = [...shown(list.list()).querySelectorAll("tbody tr")].map(row => row.textContent.replace(/\s+/g, " "));
  assert.equal(rows.length, 2);
  assert.match(rows[0], /Not sent Planning run-1 #3 Not sent: branch .*feature.* is not among this webhook's branches/);
  assert.match(rows[1], /#2/);
  assert.equal(shown(list.list()).querySelector("tbody a").getAttribute("href"), "#/stacks/net/runs/run-1");
});

test("a search for a run that a list does not have links to the run and not to itself", async context => {
  context.mock.method(globalThis, "fetch", async url =>
    url.includes("/explanation")
      ? new Response(JSON.stringify({ transitions: [], nextTransitions: null }))
      : new Response(JSON.stringify({
          items: url.includes("idPrefix") ? [{ id: "run-1", stack: "net" }, { id: "run-12", stack: "net" }] : [],
          next: null,
        })));
  const list = Object.assign(document.createElement("rh-delivery-list"), {
    params: { stack: "net", webhook: "w1", query: { run: "run-1" } },
    path: "/stacks/net/webhooks/w1/deliveries",
    address: "#/deliveries-of-w1",
    ofWebhook: true,
  });

  await list.load();

  const links = [...shown(list.list()).querySelectorAll("li a")].map(link => link.getAttribute("href"));
  assert.deepEqual(links, ["#/stacks/net/runs/run-1", "#/deliveries-of-w1?run=run-12"]);
});

test("the waits and the attempts of a delivery fill its time, without overlaps", () => {
  const at = second => `2026-03-14T12:00:${String(second).padStart(2, "0")}.000Z`;
  const attempt = (number, second, outcome) =>
    ({ number, startedAt: at(second), durationMs: 1000, outcome, statusCode: outcome === "DELIVERED" ? 204 : 500 });
  const retried = (number, delay) => ({ code: "ATTEMPT_RETRIED", params: { number: String(number), delay } });
  const delivery = {
    status: "DELIVERED", phase: "DELIVERED", createdAt: at(0), deliveredAt: at(51),
    explanation: [
      { code: "CREATED", params: { at: at(0) } },
      { code: "WAITED_LANE", params: { until: at(3) } },
      retried(1, "2 s × 1.00 = 2 s"),
      { code: "WAITED_PAUSED", params: { since: at(10), until: at(39) } },
      retried(2, "9 s, the minimum after a timeout (1 s × 1.10 = 1.1 s would be shorter)"),
    ],
  };
  const attempts = [attempt(1, 4, "REJECTED"), attempt(2, 20, "REJECTED"), attempt(3, 50, "DELIVERED")];

  const found = segments(delivery, attempts);

  const second = time => (time - Date.parse(at(0))) / 1000;
  const sorted = found.toSorted((one, other) => one.from - other.from);
  assert.deepEqual(sorted.map(({ kind, from, to }) => `${kind} ${second(from)}-${second(to)}`), [
    "lane 0-3", "queue 3-4", "bad 4-5", "retry 5-7", "queue 7-10", "paused 10-20", "bad 20-21", "paused 21-39",
    "queue 39-50", "good 50-51",
  ]);
});

test("a delivery that waits says for what", () => {
  const createdAt = new Date(Date.now() - 10_000).toISOString();
  const kinds = phase =>
    segments({ status: "PENDING", phase, createdAt, explanation: [] }, []).map(({ kind }) => kind);

  assert.deepEqual(["DUE", "RATE_LIMITED", "SENDING"].map(kinds), [["queue"], ["rate"], ["sending"]]);
});
