import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, test } from "node:test";
import { GlobalRegistrator } from "@happy-dom/global-registrator";

GlobalRegistrator.register({ url: "http://localhost/" });
window.early = new Map();
after(() => GlobalRegistrator.unregister()); // ends the timers of the modules
const { api, query } = await import("./src/api/api.js");
const { follow, now } = await import("./src/api/clock.js");
const { stacks, thinned, ticksAround } = await import("./src/components/chart.js");
const { filterParameters } = await import("./src/api/query.js");
const { deliveredShare, firstAttemptShare } = await import("./src/api/stats.js");
const { counted, plural, sentence } = await import("./src/text/text.js");
const { duration, relative, shortDuration } = await import("./src/text/time.js");
const { t } = await import("./src/text/messages.js");

const { html, render } = await import("lit");
const { repeat } = await import("lit/directives/repeat.js");
const { View, createView } = await import("./src/components/view.js");
await import("./src/views/stack/stacks-view.js");
const { body } = await import("./src/components/delivery/exchange.js");
const { commitLine, externalLink } = await import("./src/views/stack/stack-layout.js");
const { withUpdates } = await import("./src/components/delivery/delivery-list.js");
const { stateName } = await import("./src/components/status-badges.js");
const { filterBody, filterValues } = await import("./src/views/webhook/webhook-filters.js");
const { reason } = await import("./src/components/explanation.js");
const { bodyOf, formatOf, hasAdvanced, valuesOf, withScheme } = await import("./src/views/webhook/webhook-values.js");
await import("./src/views/webhook/webhook-form.js");
const { messageCard } = await import("./src/views/webhook/message-card.js");
await import("./src/views/account/audit-view.js");

/** Lets promises that are resolved run their continuations. */
const settle = async () => {
  for (let i = 0; i < 20; i++) await Promise.resolve();
};

test("a short hash is cut between characters", () => {
  const line = document.createElement("div");

  render(commitLine({ hash: "12345678🎉🎉", message: "", url: null }), line);

  assert.equal(line.querySelector("code").textContent, "12345678🎉");
});

test("a poll waits for the one before it", async context => {
  context.mock.timers.enable({ apis: ["setTimeout"] });
  const finish = [];
  const load = () => new Promise(resolve => finish.push(resolve));
  customElements.define("rh-polling", class extends View {
    start() {
      this.poll(1000, load);
    }
  });
  const view = createView("rh-polling", {});
  document.body.append(view);

  context.mock.timers.tick(5000);
  assert.equal(finish.length, 1);
  finish[0]();
  await settle();
  context.mock.timers.tick(1000);
  await settle();
  assert.equal(finish.length, 2);
  context.mock.timers.tick(5000);
  assert.equal(finish.length, 2);
  view.remove();
  finish[1]();
  await settle();
  context.mock.timers.tick(5000);
  assert.equal(finish.length, 2);
});

test("an element that is moved keeps the focus", async () => {
  customElements.define("rh-moving", class extends View {
    ids = [1, 2];
    start() {}
    render() {
      return repeat(this.ids, id => id, id => html`<button id="moved-${id}"></button>`);
    }
  });
  const main = document.body.appendChild(document.createElement("main"));
  const view = main.appendChild(createView("rh-moving", {}));
  await view.updateComplete;
  for (const id of [1, 2]) {
    document.getElementById(`moved-${id}`).focus();
    view.set({ ids: view.ids.toReversed() });
    await view.updateComplete;
    assert.equal(document.activeElement.id, `moved-${id}`);
  }
  main.remove();
});

for (const [tag, load] of [["rh-stacks", "load"], ["rh-delivery-list", "load"], ["rh-audit", "load"]]) {
  test(`a late response does not replace that of a newer filter in ${tag}`, async context => {
    const responses = new Map();
    context.mock.method(globalThis, "fetch", url => new Promise(resolve => responses.set(url, resolve)));
    const respond = (search, items) => {
      const [, resolve] = [...responses].findLast(([url]) => url.includes(search));
      resolve(new Response(JSON.stringify({ items, next: null })));
    };
    const view = Object.assign(document.createElement(tag), { params: { query: { search: "old" } }, path: "/list" });
    const older = view[load]();
    view.params.query = { search: "new" };
    const newer = view[load]();

    respond("new", [{ id: "2" }]);
    await newer;
    respond("old", [{ id: "1" }]);
    await older;

    assert.deepEqual((view.events ?? view.page).items, [{ id: "2" }]);
  });
}

test("new deliveries are counted while one that is shown changes", async context => {
  const delivery = (id, status) => ({ id, status, createdAt: "2026-01-01T00:00:00Z" });
  let items = [delivery("1", "PENDING")];
  context.mock.method(globalThis, "fetch", async () => new Response(JSON.stringify({ items, next: null })));
  const list = Object.assign(document.createElement("rh-delivery-list"), { params: { query: {} }, path: "/list" });
  await list.load();
  items = [delivery("2", "PENDING"), delivery("1", "DELIVERED")];

  await list.refreshPage();

  assert.equal(list.page.items[0].status, "DELIVERED");
  assert.equal(list.newCount, 1);
});

test("a filter that matches nothing is chosen while rows are refreshed", async context => {
  const responses = [];
  context.mock.method(globalThis, "fetch", () => new Promise(resolve => responses.push(resolve)));
  const respond = items => responses.shift()(new Response(JSON.stringify({ items, next: null })));
  const list = Object.assign(document.createElement("rh-delivery-list"), { params: { query: {} }, path: "/list" });
  const first = list.load();
  respond([{ id: "1", status: "PENDING", createdAt: "2026-01-01T00:00:00Z" }]);
  await first;
  const refresh = list.refreshPage();

  list.params.query = { kind: "ping" };
  const filtered = list.load();
  responses.reverse();
  respond([]);
  await filtered;
  respond([]);
  await refresh;

  assert.deepEqual(list.page.items, []);
});

test("a duration of ISO 8601 is written with its largest whole unit", () => {
  const durations = ["PT5S", "PT0.25S", "PT1M30S", "PT2M", "PT36H", "P1D", "PT0S"];

  assert.deepEqual(durations.map(shortDuration), ["5s", "250ms", "90s", "2m", "36h", "1d", "0s"]);
});

test("a time is relative to now, to the nearest unit", () => {
  const time = Date.parse("2026-03-14T12:00:00Z");
  const ago = seconds => relative(time - seconds * 1000, false, time);
  const until = seconds => relative(time + seconds * 1000, true, time);

  assert.deepEqual([0, 59, 59.6, 60, 3599].map(ago), ["now", "59 s ago", "1 min ago", "1 min ago", "1 h ago"]);
  assert.deepEqual([1, 3600, 6780, 86_399].map(until), ["now", "in 1 h", "in 2 h", "in 24 h"]);
  assert.match(ago(3 * 86_400), /2026/);
});

test("a time in the past is never in the future, and the other way round", () => {
  const time = Date.parse("2026-03-14T12:00:00Z");

  assert.equal(relative(time + 9 * 60_000, false, time), "now");
  assert.equal(relative(time - 9 * 60_000, true, time), "now");
});

test("times are relative to the clock of the server", async context => {
  const server = Date.now() + 10 * 60_000;
  const headers = { Date: new Date(server).toUTCString() };
  context.mock.method(globalThis, "fetch", async () => new Response("{}", { headers }));
  context.after(() => follow(new Date().toUTCString()));

  await api.get("/runs");

  assert.ok(Math.abs(now() - server) < 2000);
  assert.equal(relative(server), "now");
  const { from } = filterParameters({ hours: "1" });
  assert.ok(Math.abs(server - 3_600_000 - Date.parse(from)) < 60_000);
});

test("clocks that agree as far as the header tells are not corrected", () => {
  const before = now() - Date.now();

  follow(new Date(Math.floor(Date.now() / 1000) * 1000).toUTCString());

  assert.ok(Math.abs(now() - Date.now() - before) < 10);
});

test("a request that is not answered fails after ten seconds, and a change after two minutes", async context => {
  const timeouts = [];
  context.mock.method(AbortSignal, "timeout", ms => {
    timeouts.push(ms);
    return AbortSignal.abort(new DOMException("", "TimeoutError"));
  });
  context.mock.method(globalThis, "fetch", async (_, { signal }) => signal.throwIfAborted());
  const left = new AbortController();

  await assert.rejects(api.get("/runs"), { status: 0 });
  await assert.rejects(api.get("/runs", left.signal), { status: 0 });
  await assert.rejects(api.post("/runs", {}), { status: 0 });

  assert.deepEqual(timeouts, [10_000, 10_000, 120_000]);
});

test("rows stay, change, or leave the filter, whatever is recorded in their millisecond", () => {
  const rows = ids => ids.map(id => ({ id }));
  const updated = (ids, next = "more") =>
    withUpdates(rows(["5", "4", "2"]), { items: rows(ids), next }).map(({ id }) => id);

  assert.deepEqual(updated(["9", "8", "7", "6", "5"]), ["5", "4", "2"]);
  assert.deepEqual(updated(["5", "4", "3", "2", "1"]), ["5", "4", "3", "2"]);
  assert.deepEqual(updated(["5", "2"]), ["5", "2"]);
  assert.deepEqual(updated([], null), []);
});

test("the name of a host becomes a URL", () => {
  assert.deepEqual(["example.com/hooks", "localhost:9000", "http://a.b", "ftp"].map(withScheme), [
    "https://example.com/hooks", "localhost:9000", "http://a.b", "ftp",
  ]);
});

test("an international name of a host becomes punycode, and nothing else changes", () => {
  const urls = ["https://bücher.example:8443/é?q=ü", "例え.テスト/hooks", "http://MÜNCHEN.de", "https://a.b/é", "https://ü@a.b/"];

  assert.deepEqual(urls.map(withScheme), [
    "https://xn--bcher-kva.example:8443/é?q=ü",
    "https://xn--r8jz45g.xn--zckzah/hooks",
    "http://xn--mnchen-3ya.de",
    "https://a.b/é",
    "https://xn--tda@a.b/",
  ]);
});

test("an endpoint of a known service has a format", () => {
  const endpoints = [
    "https://hooks.slack.com/services/T0/B0/x", "hooks.slack-gov.com/x", "https://acme.webhook.office.com/webhookb2/x",
    "https://prod-1.westeurope.logic.azure.com:443/workflows/x",
    "https://default1.2.environment.api.powerplatform.com:443/x", "https://events.pagerduty.com/v2/enqueue",
    "https://events.eu.pagerduty.com/v2/enqueue", "https://hooks.slack.com.example.com/", "https://example.com/hooks.slack.com",
    "", "https://",
  ];

  assert.deepEqual(endpoints.map(formatOf), [
    "slack", "slack", "msteams", "msteams", "msteams", "pagerduty", "pagerduty", undefined, undefined, undefined, undefined,
  ]);
});

test("states are in title case", () => {
  assert.deepEqual(["PENDING_REVIEW", "DNS_FAILURE"].map(stateName), ["Pending Review", "DNS Failure"]);
});

test("a duration has the precision of its size", () => {
  const durations = [4, 999, 999.7, 1500, 9960, 59_400, 59_900, 100_000, 3_599_900, 6_780_000, 86_400_000];

  assert.deepEqual(durations.map(duration), [
    "4 ms", "999 ms", "1 s", "1.5 s", "10 s", "59 s", "1 min", "1 min 40 s", "1 h", "1 h 53 min", "24 h",
  ]);
});

test("an axis of durations has whole numbers of a unit", () => {
  const axis = (min, max) => thinned(ticksAround(min, max)).map(duration);

  assert.deepEqual(axis(90_000, 150_000), ["1 min", "2 min", "5 min"]);
  assert.deepEqual(axis(1, 1), ["1 ms", "2 ms"]);
  assert.deepEqual(axis(3, 200_000), ["2 ms", "20 ms", "200 ms", "2 s", "30 s", "5 min"]);
});

test("empty parameters are omitted from a query", () => {
  assert.equal(query({ state: "", run: "a b", after: null, limit: 50 }), "?run=a%20b&limit=50");
  assert.equal(query({}), "");
});

test("hours of a filter become the start of its range", () => {
  const { from, to, status } = filterParameters({ hours: "1", status: "FAILED" });

  assert.ok(Math.abs(Date.now() - 3_600_000 - Date.parse(from)) < 60_000);
  assert.equal(to, undefined);
  assert.equal(status, "FAILED");
});

test("failed deliveries that were not resent are a status of the filter", () => {
  assert.deepEqual(filterParameters({ status: "NOT_RESENT", run: "r1" }), {
    status: "FAILED", redelivered: false, run: "r1", from: undefined, to: undefined,
  });
});

test("the bars of a chart are stacked, and empty ones are omitted", () => {
  const items = [{ delivered: 3, failed: 2, pending: 1 }, { delivered: 0, failed: 0, pending: 0 }];

  assert.deepEqual(stacks(items), [[6, null], [5, null], [3, null]]);
});

test("the share of delivered deliveries is 100 % only if none failed", () => {
  const share = (delivered, failed, truncated = false) => deliveredShare({ truncated, items: [{ delivered, failed }] });

  assert.equal(share(0, 0), null);
  assert.equal(share(50_000, 1), "99.9 %");
  assert.equal(share(3, 0), "100 %");
  assert.equal(share(0, 3), "0 %");
  assert.equal(share(1, 1, true), "≈ 50.0 %");
});

test("deliveries with several attempts, and those that failed, did not succeed at the first", () => {
  const share = (delivered, retried, failed) =>
    firstAttemptShare({ truncated: false, items: [{ delivered, retried, failed }] });

  assert.deepEqual([share(0, 0, 0), share(3, 2, 0), share(3, 0, 0)], [null, "33.3 %", "100 %"]);
  assert.deepEqual([share(1, 0, 2), share(0, 0, 2)], ["33.3 %", "0 %"]);
});

test("a count that the API has capped says so", () => {
  assert.deepEqual([999, 1000].map(count => counted(count)), ["999", "1,000+"]);
  assert.equal(counted(50, true), "50+");
});

test("messages of the API become sentences", () => {
  assert.equal(sentence("the token is unknown"), "The token is unknown.");
  assert.equal(plural(1000, "payload"), "1,000 payloads");
});

test("filters of the form become those of the request and back", () => {
  const webhook = {
    previousStates: ["APPLYING"],
    branches: ["!release/old", "release/*"],
    delta: false,
    deletedAtLeast: 1,
    changedAtLeast: null,
    resources: ["destroy:a, b"],
    includeChanges: true,
    stackLabels: ["a, b"],
  };

  assert.deepEqual(filterBody(filterValues(webhook)), webhook);
  assert.deepEqual(filterBody({ ...filterValues({}), branches: " main \n\n" }), {
    previousStates: [],
    branches: ["main"],
    delta: null,
    deletedAtLeast: null,
    changedAtLeast: null,
    resources: [],
    includeChanges: false,
    stackLabels: [],
  });
});

test("the events of a webhook are described with and, not or, between filters", () => {
  const none = {
    events: ["run_state_changed"],
    previousStates: [],
    branches: [],
    delta: null,
    resources: [],
    stackLabels: [],
  };
  const webhook = { ...none, states: ["FAILED"], types: ["TRACKED", "TASK"], driftDetection: false };
  const finer = { ...none, states: [], types: [], driftDetection: null, previousStates: ["PLANNING"], delta: true };
  const describe = each => t.integrations.events(each, name => name.toLowerCase());

  assert.equal(describe(webhook), "failed · only runs of type tracked or task · no drift detection");
  assert.equal(describe(finer), "All run states · only after planning · only with changes");
  assert.equal(
    describe({ ...finer, delta: null, deletedAtLeast: 2, resources: ["destroy:aws_*"] }),
    "All run states · only after planning · at least 2 deleted · resources \u2068destroy:aws_*\u2069",
  );
  const events = ["webhook_paused", "delivery_failed"];
  const alerts = { ...none, states: [], types: [], driftDetection: null, events };
  assert.equal(describe(alerts), "No run states · webhook_paused · delivery_failed");
  assert.equal(
    describe({ ...alerts, events: ["run_state_changed", "queue_lagging"] }),
    "All run states · queue_lagging",
  );
});

test("the preview of a format shows the body for the format and template, or the error of the template", async () => {
  const requests = [];
  const respond = (status, json) => {
    globalThis.fetch = async (url, { body }) => {
      requests.push([url, JSON.parse(body)]);
      return new Response(JSON.stringify(json), { status });
    };
  };
  const preview = document.createElement("rh-format-preview");
  Object.assign(preview, { stack: "net", format: "slack", template: null });
  document.body.append(preview);
  await preview.updateComplete;
  respond(200, { contentType: "application/json", body: '{"text":"Run failed on Net"}' });
  preview.querySelector("button").click();
  for (let i = 0; i < 5; i++) await new Promise(resolve => setTimeout(resolve));
  assert.match(preview.querySelector("pre").textContent, /"text": "Run failed on Net"/);

  Object.assign(preview, { format: "template", template: "{{a" });
  await preview.updateComplete;
  assert.equal(preview.querySelector("pre"), null);
  respond(400, { detail: "no", errors: [{ pointer: "/template", detail: "the template is not valid" }] });
  preview.querySelector("button").click();
  for (let i = 0; i < 5; i++) await new Promise(resolve => setTimeout(resolve));
  assert.equal(preview.querySelector(".error").textContent, "The template is not valid.");
  assert.deepEqual(requests, [
    ["api/v1/stacks/net/webhooks/preview", { format: "slack", template: null, state: "FAILED" }],
    ["api/v1/stacks/net/webhooks/preview", { format: "template", template: "{{a", state: "FAILED" }],
  ]);
});

test("messages are drawn as the chats and PagerDuty show them", () => {
  const folder = "../../../adapters-outbound/src/test/resources/dev/runhook/outbound/format";
  const golden = name => readFileSync(`${folder}/${name}-failed.json`, "utf8");
  for (const [format, part] of [
    ["slack", /❌ Run failed on Networking\s+Branch\s+feature\/subnet\s*Commit\s+0ee3b0f Add a <subnet> & a route/],
    ["msteams", /❌ Run failed on Networking\s*Branch: feature\/subnet\s*Commit: 0ee3b0f Add a <subnet> & a route/],
    ["pagerduty", /Run failed on Networking\s+warning · acme\/networking\s+Branch\s*feature\/subnet/],
  ]) {
    const host = document.createElement("div");
    render(messageCard(format, golden(format), "Message"), host);
    assert.match(host.textContent.replace(/\s+/g, " "), part);
    assert.match(host.textContent, /Open in Runhook/);
    assert.equal(host.querySelector("a, img"), null);
  }
  assert.equal(messageCard("runhook", "{}", "Message"), null);
});

test("texts of the API are shown without invisible characters, and bodies with their escapes", async () => {
  const texts = { message: "safe\u202egpj.exe\u2069\u2028\u200b\n\u{1f469}\u200d\u{1f680}", body: "\u202e" };
  globalThis.fetch = async () => new Response(JSON.stringify({ items: [texts] }), { status: 200 });

  const { items } = await api.get("/runs");

  assert.deepEqual(items, [{ message: "safegpj.exe\n\u{1f469}\u200d\u{1f680}", body: "\u202e" }]);
  globalThis.fetch = async () => new Response(JSON.stringify({ detail: "no \u202eexe" }), { status: 400 });
  await assert.rejects(api.get("/runs"), { message: "no exe" });
  const shown = document.createElement("div");
  for (const text of ['{"note":"a\u202eb"}', "a\u202eb\u0085"]) {
    render(body(text, "Body"), shown);
    assert.match(shown.textContent, /a\\u202eb/);
    assert.doesNotMatch(shown.textContent, /[\u202e\u0085]/);
  }
});

test("a link has no user info", () => {
  const link = url => {
    const shown = document.createElement("div");
    render(externalLink(url, "run"), shown);
    return shown.querySelector("a")?.href;
  };

  assert.equal(link("https://ci.example/1"), "https://ci.example/1");
  assert.equal(link("https://slack.com@evil.example/a"), undefined);
  assert.equal(link("https://:x@evil.example/a"), undefined);
});

test("the preview of a format of an account webhook has an example of a stack", async () => {
  let requested;
  globalThis.fetch = async url => {
    requested = url;
    return new Response(JSON.stringify({ contentType: "application/json", body: "{}" }), { status: 200 });
  };
  const preview = document.createElement("rh-format-preview");
  Object.assign(preview, { stack: undefined, format: "slack", template: null });
  document.body.append(preview);
  await preview.updateComplete;

  preview.querySelector("button").click();
  for (let i = 0; i < 5; i++) await new Promise(resolve => setTimeout(resolve));

  assert.equal(requested, "api/v1/account-webhooks/format-preview");
});

test("an existing webhook gets a secret only together with the format that needs one", () => {
  const stored = { endpoint: "https://a.example", headers: {}, format: "slack" };
  const edited = { ...valuesOf(stored), secret: "k".repeat(32) };

  assert.equal(bodyOf(edited).secret, undefined);
  assert.equal(bodyOf({ ...edited, format: "pagerduty" }).secret, "k".repeat(32));
  assert.equal(bodyOf({ ...valuesOf(null), endpoint: "a", secret: "s" }).secret, "s");
});

test("a rate is sent as a number, and a blank one as none", () => {
  const body = bodyOf({ ...valuesOf(null), endpoint: "a", maxPerSecond: " 5", maxPerMinute: " " });

  assert.deepEqual([body.maxPerSecond, body.maxPerMinute, body.collapse], [5, null, false]);
  assert.equal(bodyOf({ ...valuesOf(null), endpoint: "a", maxPerSecond: "five" }).maxPerSecond, "five");
  assert.equal(hasAdvanced(valuesOf({ endpoint: "a", headers: {}, maxPerMinute: 60 })), true);
});

test("a new webhook gets the state changes of runs, and its form opens the settings of others", () => {
  const { events, ...others } = valuesOf(null);

  assert.deepEqual(bodyOf(valuesOf(null)).events, ["run_state_changed"]);
  assert.equal(hasAdvanced({ ...others, events }), false);
  assert.equal(hasAdvanced({ ...others, events: [...events, "webhook_paused"] }), true);
  assert.deepEqual(valuesOf({ events: ["secret_rotated"] }).events, ["secret_rotated"]);
});

test("an explanation names the event that a webhook does not get", () => {
  const params = { wanted: "webhook_paused", event: "run_state_changed" };

  const text = reason({ code: "SKIPPED_EVENT", params, text: "" });

  assert.equal(text, "Not sent: “Run State Changed” is not among this webhook's events.");
});
