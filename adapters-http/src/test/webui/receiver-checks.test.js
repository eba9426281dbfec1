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
