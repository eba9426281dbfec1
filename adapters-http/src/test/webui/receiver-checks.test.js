import assert from "node:assert/strict";
import { after, beforeEach, test } from "node:test";
import { GlobalRegistrator } from "@happy-dom/global-registrator";

GlobalRegistrator.register({ url: "http://localhost/" });
window.early = new Map();
after(() => GlobalRegistrator.unregister()); // ends the timers of the modules
await import("./src/views/webhook/receiver-checks.js");

const WEBHOOK = { id: "w1", endpoint: "https://example.com/hooks", format: "runhook", enabled: true };

const settle = async () => {
  for (let i = 0; i < 50; i++) await Promise.resolve();
};

/** The requests that were sent, as functions that respond to them. */
let requests;
let element;
beforeEach(async () => {
  requests = [];
  globalThis.fetch = () =>
    new Promise(resolve => {
      const checks = [{ name: "tls", result: "FAILED", detail: "the certificate has expired" }];
      requests.push(() => resolve(new Response(JSON.stringify({ checks }))));
    });
  element = Object.assign(document.createElement("rh-receiver-checks"), { webhook: WEBHOOK });
  document.body.replaceChildren(element);
  await settle();
});

/** Responds with lines that a test sends one by one. */
function stream() {
  let lines;
  const body = new ReadableStream({ start: controller => (lines = controller) });
  let signal;
  globalThis.fetch = async (_path, options) => {
    signal = options.signal;
    return { ok: true, status: 200, body, headers: new Headers({ "Content-Type": "application/x-ndjson" }) };
  };
  return {
    send: async text => {
      lines.enqueue(new TextEncoder().encode(text));
      await settle();
    },
    end: async () => {
      lines.close();
      await settle();
    },
    isAborted: () => signal.aborted,
  };
}

const badges = () => [...element.querySelectorAll(".badge")].map(each => each.textContent);
const announced = () => element.querySelector("[role=status]").textContent.trim();
const line = (name, result, detail = null) => `${JSON.stringify({ name, result, detail })}\n`;

test("each result appears when the server has sent it, while the next one is awaited", async () => {
  const response = stream();
  await press();
  assert.deepEqual(badges(), ["Running", "Waiting", "Waiting", "Waiting", "Waiting"]);

  await response.send(line("name-resolves", "PASSED"));
  assert.deepEqual(badges(), ["Passed", "Running", "Waiting", "Waiting", "Waiting"]);
  assert.equal(announced(), "The name resolves: Passed");

  const [start, end] = [line("tls", "PASSED"), line("responds-with-2xx", "FAILED", "status 500")];
  await response.send(start + end.slice(0, 20));
  assert.deepEqual(badges(), ["Passed", "Passed", "Running", "Waiting", "Waiting"]);
  await response.send(end.slice(20));
  assert.deepEqual(badges(), ["Passed", "Passed", "Failed", "Running", "Waiting"]);
  assert.match(element.textContent, /Status 500/);
  assert.ok(isBlocked());

  await response.send(line("responds-within-a-second", "SKIPPED") + line("verifies-signatures", "SKIPPED"));
  await response.end();
  assert.deepEqual(badges(), ["Passed", "Passed", "Failed", "Skipped", "Skipped"]);
  assert.equal(isBlocked(), false);
});

test("the request of the checks ends when the view is left", async () => {
  const response = stream();
  await press();
  await response.send(line("name-resolves", "PASSED"));
  assert.equal(response.isAborted(), false);

  element.remove();
  assert.ok(response.isAborted());
});

test("checks that the server did not finish are not shown as running", async () => {
  const response = stream();
  await press();
  await response.send(line("name-resolves", "PASSED"));
  await response.end();
  assert.deepEqual(badges(), ["Passed", "Not checked", "Not checked", "Not checked", "Not checked"]);
});

const button = () => element.querySelector("button");
const isBlocked = () => button().getAttribute("aria-disabled") === "true";

async function press() {
  button().click();
  await settle();
}

async function respond(number) {
  requests[number]();
  await settle();
}

async function change(webhook) {
  element.webhook = { ...WEBHOOK, ...webhook };
  await settle();
}

test("the button of the checks stays in the order of the keyboard while they run, and starts them once", async () => {
  await press();
  await press();
  assert.equal(requests.length, 1);
  assert.equal(button().disabled, false);
  assert.ok(isBlocked());

  await respond(0);
  assert.equal(isBlocked(), false);
  assert.match(element.textContent, /The certificate has expired/);
});

for (const settings of [{ id: "w2" }, { endpoint: "https://example.com/new" }, { format: "slack" }]) {
  test(`the checks of a webhook are gone after a change of its ${Object.keys(settings)}`, async () => {
    await press();
    await respond(0);
    await change({ enabled: true });
    assert.match(element.textContent, /The certificate has expired/);

    await change(settings);
    assert.doesNotMatch(element.textContent, /The certificate has expired/);
  });

  test(`a response that is older than a change of the ${Object.keys(settings)} is not shown`, async () => {
    await press();
    await change(settings);
    assert.equal(isBlocked(), false);
    await press();
    await respond(0);
    assert.doesNotMatch(element.textContent, /The certificate has expired/);
    assert.ok(isBlocked());

    await respond(1);
    assert.match(element.textContent, /The certificate has expired/);
  });
}
