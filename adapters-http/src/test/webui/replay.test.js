import assert from "node:assert/strict";
import { after, beforeEach, test } from "node:test";
import { GlobalRegistrator } from "@happy-dom/global-registrator";

GlobalRegistrator.register({ url: "http://localhost/" });
window.early = new Map();
after(() => GlobalRegistrator.unregister()); // ends the timers of the modules
const { render } = await import("lit");
const { askToReplay } = await import("./src/components/replay.js");

const settle = async () => {
  for (let i = 0; i < 50; i++) await Promise.resolve();
};

/** The requests that were sent, as `{body, respond}`. */
let requests;
beforeEach(() => {
  requests = [];
  document.body.innerHTML = '<main><h1 tabindex="-1">Deliveries</h1></main><div class="toasts"></div>';
  globalThis.fetch = (path, { body }) =>
    new Promise(resolve => {
      const respond = (json, status = 200) => resolve(new Response(JSON.stringify(json), { status }));
      requests.push({ path, body: body && JSON.parse(body), respond });
    });
});

const text = () => document.querySelector("dialog").textContent.replace(/\s+/g, " ");
const isBlocked = () => document.querySelector("dialog [type=submit]").getAttribute("aria-disabled") === "true";
const submit = () => document.querySelector("dialog form").dispatchEvent(new Event("submit", { cancelable: true }));
const preview = toCreate => ({ dryRun: true, matched: toCreate, erased: 0, toCreate });

/** Opens the dialog, and returns a function that lets its delays pass. */
async function open(context, query = {}, webhook = { stack: "net", id: "w1" }, show = _result => {}) {
  context.mock.timers.enable({ apis: ["setTimeout"] });
  const { signal } = new AbortController();
  askToReplay(webhook, show, signal, { from: "2026-03-14T12:00:00Z", ...query });
  const pass = async () => {
    await settle();
    context.mock.timers.tick(300);
    await settle();
  };
  await pass();
  return pass;
}

async function type(name, value) {
  const field = document.querySelector(`dialog [name=${name}]`);
  field.value = value;
  field.dispatchEvent(new Event("input", { bubbles: true }));
  await settle();
}

test("a replay is blocked from the first key until its preview, and sends what was previewed", async context => {
  const pass = await open(context, { run: "ingest-007001" });
  requests[0].respond(preview(8));
  await settle();
  assert.match(text(), /8 deliveries will be resent/);
  assert.equal(isBlocked(), false);

  await type("run", "");
  assert.ok(isBlocked());
  assert.doesNotMatch(text(), /8 deliveries/);
  submit();
  await pass();
  assert.deepEqual(requests.map(({ body }) => [body.dryRun, body.run]), [[true, "ingest-007001"], [true, null]]);
  assert.ok(isBlocked());
  submit();
  requests[1].respond(preview(12));
  await pass();
  submit();
  await settle();

  assert.equal(requests.length, 3);
  const { dryRun: _, ...previewed } = requests[1].body;
  assert.deepEqual(requests[2].body, { ...previewed, expected: 12 });
});

test("a replay of the account shows its progress while the server creates deliveries, and is canceled", async context => {
  const shown = [];
  const pass = await open(context, { stack: "net", statusCode: "500" }, null, result => shown.push(result));
  requests[0].respond(preview(3));
  await settle();
  assert.equal(requests[0].body.stack, "net");
  assert.doesNotMatch(text(), /Skipped: filtered/);

  submit();
  await settle();
  const replay = {
    id: "r1", webhooks: 2, matched: 3, erased: 0, created: 1, delivered: 0, failed: 0, pending: 1, completedAt: null,
    canceledAt: null,
  };
  requests[1].respond(replay, 202);
  await pass();

  const host = document.body.appendChild(document.createElement("div"));
  render(shown.at(-1), host);
  assert.match(host.textContent, /Finished 0 of 3/);
  host.querySelector("button").click();
  await settle();
  assert.match(requests.at(-1).path, /\/replays\/r1\/cancel$/);
});

test("the preview of an earlier input is not shown", async context => {
  const pass = await open(context);
  await type("run", "r1");
  await pass();
  requests[1].respond(preview(3));
  await settle();
  requests[0].respond(preview(48_421));
  await settle();

  assert.match(text(), /3 deliveries will be resent/);
});

test("the number of a large replay is confirmed", async context => {
  const pass = await open(context);
  requests[0].respond(preview(48_421));
  await settle();
  assert.match(text(), /To confirm, type 48,421/);
  assert.ok(isBlocked());

  await type("confirmed", "48,42");
  assert.ok(isBlocked());
  await type("confirmed", "48,421");
  assert.equal(isBlocked(), false);
  await pass();
  assert.equal(requests.length, 1);
  await type("run", "r1");
  await pass();
  requests[1].respond(preview(48_421));
  await settle();

  assert.ok(isBlocked());
});

test("a replay that has grown since its preview is previewed again", async context => {
  const pass = await open(context);
  requests[0].respond(preview(8));
  await settle();
  submit();
  await settle();
  const type = "urn:runhook:problem:replay-larger-than-expected";
  requests[1].respond({ type, detail: "the replay would now create 20 deliveries" }, 409);
  await pass();

  assert.ok(isBlocked());
  assert.deepEqual(requests.map(({ body }) => [body.dryRun, body.expected]), [
    [true, undefined], [undefined, 8], [true, undefined],
  ]);
  requests[2].respond(preview(20));
  await settle();
  assert.match(text(), /20 deliveries will be resent.*The replay would now create 20 deliveries/);
  assert.equal(isBlocked(), false);
});
