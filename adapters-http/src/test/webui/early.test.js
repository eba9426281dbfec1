import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, beforeEach, test } from "node:test";
import { GlobalRegistrator } from "@happy-dom/global-registrator";

GlobalRegistrator.register({ url: "http://localhost/" });
window.early = new Map();
after(() => GlobalRegistrator.unregister()); // ends the timers of the modules
const { api } = await import("./src/api/api.js");
const { match } = await import("./src/routes.js");
const { currentLocation } = await import("./src/api/query.js");
const { session } = await import("./src/api/session.js");
const { createView } = await import("./src/components/view.js");
await import("./src/views/home-view.js");
await import("./src/views/receivers-view.js");
await import("./src/views/stack/integrations-view.js");
await import("./src/views/stack/runs-view.js");
await import("./src/views/stack/stacks-view.js");
await import("./src/views/webhook/deliveries-view.js");

/** The script of the page that sends early requests. */
const script = /<script>(.+?)<\/script>/s.exec(readFileSync("src/index.html", "utf8"))[1];

/** The module of each view, by its tag. */
const modules = new Map(
  [...readFileSync("src/app.js", "utf8").matchAll(/"(rh-[\w-]+)": \(\) => import\("\.\/(.+?)"\)/g)]
    .map(([, tag, file]) => [tag, `assets/${file}`]),
);

/** Runs the script, which makes a new map. The client of the API uses the one that the page had when it was loaded. */
function sendEarly() {
  const { early } = window;
  document.head.innerHTML = '<template></template>';
  new Function(script)();
  window.early.forEach((response, path) => early.set(path, response));
  window.early = early;
}

const LIST = "/deliveries?limit=50";
const expirations = [];
window.addEventListener("session-expired", () => expirations.push("expired"));

/** The requests that were sent, as `{path, respond}`. */
let requests;
beforeEach(() => {
  requests = [];
  expirations.length = 0;
  globalThis.fetch = url =>
    new Promise(resolve => {
      const respond = (status, json) => resolve(new Response(JSON.stringify(json), { status }));
      requests.push({ path: url.replace("api/v1", ""), respond });
    });
  localStorage.setItem("runhook.session", '{"role":"admin","canReadSecrets":true}');
});

for (const [hash, count] of [
  ["", 3],
  ["#/stacks?label=a%20b", 1],
  ["#/stacks/net", 1],
  ["#/stacks/net/runs?state=FAILED&idPrefix=r", 1],
  ["#/stacks/net/settings/integrations", 1],
  ["#/deliveries?status=FAILED&statusCode=500&after=x", 1],
  ["#/receivers?sort=p99", 1],
  ["#/deliveries?status=NOT_RESENT", 0],
  ["#/deliveries?hours=24", 0],
  ["#/stacks/net/settings/integrations/w1/deliveries?run=r1/", 2],
  ["#/account/audit", 0],
]) {
  test(`the view at ${hash || "#/"} uses its early responses and does not repeat them`, async () => {
    session.recall();
    location.hash = hash;
    await new Promise(resolve => setTimeout(resolve)); // a change of the hash discards earlier responses
    requests = [];
    sendEarly();
    assert.equal(requests.length, count);
    const preloaded = [...document.head.querySelectorAll("link")].map(link => link.getAttribute("href"));
    const { path, query } = currentLocation();
    const found = match(path);
    assert.deepEqual(preloaded, count === 0 ? [] : [modules.get(found.tag)]);
    const view = createView(found.tag, { ...found.params, query });
    document.body.append(view);
    await view.updateComplete;
    await new Promise(resolve => setTimeout(resolve));

    assert.equal(window.early.size, 0);
    assert.equal(new Set(requests.map(each => each.path)).size, requests.length);
    view.remove();
  });
}

for (const hash of [
  "#/stacks/net\\webhooks\\w1\\secret#",
  "#/stacks/..\\sessions#",
  "#/stacks/net%2Fwebhooks%2Fw1%2Fsecret%23",
  "#/stacks/net/settings/integrations/w1\\secret#/deliveries",
  "#/stacks/net#/runs",
  "#/stacks/../settings",
  "#/stacks/./runs",
]) {
  test(`a link to ${hash} requests nothing early, because it could lead to another resource`, async () => {
    location.hash = hash;
    await new Promise(resolve => setTimeout(resolve));
    requests = [];

    sendEarly();

    assert.deepEqual(requests.map(each => each.path), []);
  });
}

test("nothing is requested early before the first sign-in", () => {
  localStorage.removeItem("runhook.session");
  location.hash = "#/deliveries";

  sendEarly();

  assert.deepEqual(requests, []);
});

test("lists are requested early at the first visit if the host has signed the user in", () => {
  localStorage.removeItem("runhook.session");
  document.documentElement.dataset.host = "";
  location.hash = "#/deliveries";

  sendEarly();

  assert.deepEqual(requests.map(each => each.path), [LIST]);
  delete document.documentElement.dataset.host;
  window.early.clear();
});

test("a redirect to the sign-in page of the host ends the session", async () => {
  globalThis.fetch = async (_url, options) => {
    assert.equal(options.redirect, "manual");
    return { type: "opaqueredirect", status: 0, ok: false, headers: new Headers(), text: async () => "" };
  };

  await assert.rejects(api.get("/stacks"), { status: 401 });

  assert.deepEqual(expirations, ["expired"]);
});

test("a response that was requested before a sign-in is not used after it", async () => {
  location.hash = "#/deliveries";
  await new Promise(resolve => setTimeout(resolve));
  requests = [];
  sendEarly();
  const late = api.get("/session");
  const signIn = session.start({ token: "a-token" });
  requests[2].respond(201, { role: "admin", canReadSecrets: true });
  await signIn;

  const list = api.get(LIST);
  requests[0].respond(401, { detail: "the session has expired" });
  requests[1].respond(401, { detail: "the session has expired" });
  requests[3].respond(200, { items: [], next: null });

  assert.deepEqual(await list, { items: [], next: null });
  await assert.rejects(late, { name: "AbortError" });
  assert.deepEqual(expirations, []);
});

test("a list says when buckets are missing from it, and when they are back", async () => {
  const announced = [];
  window.addEventListener("incomplete", event => announced.push(event.detail));
  for (const missing of [{}, { unavailableBuckets: [2, 3] }, { unavailableBuckets: [2, 3] }, {}]) {
    requests = [];
    const list = api.get("/stacks");
    requests[0].respond(200, { items: [], next: null, ...missing });
    await list;
  }

  assert.deepEqual(announced, [[2, 3], []]);
});
