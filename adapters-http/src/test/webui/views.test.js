import assert from "node:assert/strict";
import { after, test } from "node:test";
import { GlobalRegistrator } from "@happy-dom/global-registrator";

GlobalRegistrator.register({ url: "http://localhost/" });
window.early = new Map();
after(() => GlobalRegistrator.unregister()); // ends the timers of the modules
const { html, render } = await import("lit");
const { Problem } = await import("./src/api/api.js");
const { t } = await import("./src/text/messages.js");
const { session } = await import("./src/api/session.js");
const { watchSender } = await import("./src/components/sender.js");
const { describeHealth, webhookBadge } = await import("./src/components/status-badges.js");
const { View, createView } = await import("./src/components/view.js");
await import("./src/components/delivery/delivery-list.js");
await import("./src/components/secret.js");
const { choice, parsed } = await import("./src/components/filter.js");
await import("./src/views/home-view.js");
const { change } = await import("./src/views/account/audit-view.js");
const { csvOf } = await import("./src/views/receivers-view.js");
await import("./src/views/stack/runs-view.js");
await import("./src/views/webhook/delivery-view.js");
await import("./src/views/webhook/health-view.js");
const { showBreadcrumb } = await import("./src/components/breadcrumb.js");

const textOf = template => {
  const element = document.createElement("div");
  render(template, element);
  return element.textContent.replace(/\s+/g, " ").trim();
};

const settle = async () => {
  for (let i = 0; i < 20; i++) await Promise.resolve();
};

let polled = 0;

/** A view whose second poll fails. */
async function showFailing(context, status) {
  context.mock.timers.enable({ apis: ["setTimeout"] });
  const main = document.body.appendChild(document.createElement("main"));
  const tag = `rh-failing-${++polled}`;
  customElements.define(tag, class extends View {
    loads = 0;
    start() {
      this.poll(1000, async () => {
        if (++this.loads > 1) throw new Problem(status, { detail: "no" });
      });
    }
    render() {
      return html`<p>Active</p>`;
    }
  });
  const view = main.appendChild(createView(tag, {}));
  await view.updateComplete;
  await settle();
  context.mock.timers.tick(1000);
  await settle();
  await main.firstElementChild.updateComplete;
  const text = main.textContent.replace(/\s+/g, " ");
  main.remove();
  return text;
}

for (const [status, heading] of [[404, "Page not found"], [403, "Not allowed"]]) {
  test(`a view whose poll gets a ${status} does not stay as it was`, async context => {
    const text = await showFailing(context, status);

    assert.match(text, new RegExp(heading));
    assert.doesNotMatch(text, /Active/);
  });
}

test("a view whose poll gets a 500 is marked as outdated", async context => {
  const text = await showFailing(context, 500);

  assert.match(text, /Can't refresh: no. Data may be out of date.*Active/);
});

const withHealth = (verdict, cause, more = {}) => ({
  decryptionErrors: [],
  status: { consecutiveFailures: 6 },
  firstAttempts: { total: 3, failed: 2 },
  failedDeliveries: 2,
  ...more,
  health: { verdict, cause, since: "2026-03-14T12:00:00.000Z", detail: "HTTP 500", ...more.health },
});

test("the badge and the sentence of a webhook say what the server has worked out", () => {
  const said = webhook => {
    const { strings, values } = webhookBadge(webhook);
    assert.equal(strings[0], '<span class="badge ');
    return `${values[0]} ${textOf(webhookBadge(webhook))} ${textOf(describeHealth(webhook) ?? "")}`;
  };

  assert.equal(said(withHealth("HEALTHY", "DELIVERED")), "good Healthy ");
  assert.equal(said(withHealth("IDLE", "NOTHING_SENT")), "idle Nothing sent yet ");
  assert.match(said(withHealth("FAILING", "ATTEMPTS_FAIL")), /bad.*Failing.*last 6 attempts failed.*HTTP 500/);
  assert.match(said(withHealth("PAUSED", "ATTEMPTS_FAIL")), /warn.*Paused.*after 6 consecutive failures/);
  assert.match(said(withHealth("DEGRADED", "FIRST_ATTEMPTS_FAIL")), /warn.*Error rate 67 %.*67 % of recent/);
  assert.match(said(withHealth("DEGRADED", "DELIVERIES_FAILED")), /warn.*2 failed.*were not resent/);
  assert.match(said(withHealth("DISABLED", "DISABLED_BY_RECEIVER", { health: { detail: null } })), /410 Gone/);
});

test("a webhook says why its events are not sent in its format", () => {
  const webhook = withHealth("DEGRADED", "FORMAT_ERROR", { health: { detail: "the template takes more than 10 ms" } });

  assert.match(describeHealth(webhook), /sent as Runhook's payload.* The template takes more than 10 ms\.$/);
});

test("the deletion of a webhook says how many deliveries it discards", () => {
  const text = waiting => textOf(t.webhook.deleteText("Chat", waiting));

  assert.match(text(128), /^128 queued deliveries of Chat will be discarded/);
  assert.match(text(1), /^1 queued delivery of Chat/);
  assert.match(text(0), /^Queued deliveries of Chat/);
});

test("counts that are capped say so and have separators", () => {
  const view = Object.assign(document.createElement("rh-health"), { params: { query: {} } });
  const counts = { delivered: 50_000, failed: 0, pending: 0, retried: 0 };
  const item = { start: "2026-01-02T03:04:00Z", p50Ms: 4, p99Ms: 9, ...counts };

  view.stats = { step: "PT1M", truncated: true, items: [item] };

  const text = textOf(view.charts(null, view.stats));

  assert.match(text, /Delivered50,000\+/);
  assert.match(text, /Counts are capped at 50,000 per minute; totals are higher\./);
});

const CREATED = "2026-03-14T12:00:00Z";

/** Shows a view in a page whose requests get the result of a function, or no response if it is undefined. */
async function showView(context, tag, params, respond, properties = {}) {
  context.mock.timers.enable({ apis: ["setTimeout", "Date"], now: Date.parse(CREATED) });
  const paths = [];
  context.mock.method(globalThis, "fetch", (url, { signal }) => {
    const path = url.replace("api/v1", "");
    paths.push(path);
    const [json, status = 200] = respond(path) ?? [];
    if (json) return Promise.resolve(new Response(JSON.stringify(json), { status }));
    return new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
  });
  const main = document.body.appendChild(document.createElement("main"));
  const view = main.appendChild(Object.assign(createView(tag, params), properties));
  context.after(() => main.remove());
  /** Lets time pass in steps, because each refresh starts the timer of the next one. */
  const pass = async seconds => {
    for (let i = 0; i <= seconds * 2; i++) {
      await settle();
      if (i < seconds * 2) context.mock.timers.tick(500);
    }
    await view.updateComplete;
  };
  await pass(0);
  return { main, view, paths, pass, text: () => main.textContent.replace(/\s+/g, " ") };
}

const delivery = (id, status) => ({
  id, status, phase: status === "PENDING" ? "DUE" : status, createdAt: CREATED, kind: "ping", attemptCount: 1,
  stack: "net", webhook: "w1", explanation: [], resentAs: null,
  attempts: [], request: { source: "PREVIEW", endpoint: "http://a", headers: {}, body: "" },
});
const list = { path: "/list", address: "#/list", ofWebhook: true };

test("a list is live only while the server responds, and then says of when it is", async context => {
  let items = null;
  const shown = await showView(context, "rh-delivery-list", { query: {} }, () => items && [{ items, next: null }], list);
  const freshness = () => shown.main.querySelector(".live").textContent.trim();
  assert.equal(freshness(), "");
  shown.view.reload();
  items = [delivery("1", "PENDING")];
  await shown.view.reload();
  await shown.pass(0);
  assert.equal(freshness(), "Live");

  await shown.pass(60);
  assert.equal(freshness(), "Live");
  items = null;
  await shown.pass(3);
  assert.equal(freshness(), "Live");
  await shown.pass(4);

  assert.match(freshness(), /^As of \d+:01:00/);
});

test("rows that have finished are refreshed slowly, and those of an older page say when they were created", async context => {
  const items = [delivery("2", "DELIVERED"), delivery("1", "FAILED")];
  const respond = () => [{ items, next: "more" }];
  const { paths, pass, main } = await showView(context, "rh-delivery-list", { query: { after: "3" } }, respond, list);
  assert.equal(main.querySelector(".live"), null);
  assert.match(main.querySelector(".actions").textContent, /Created \d+:00:00.* – \d+:00:00/);
  assert.equal(paths.length, 1);

  await pass(9);
  assert.equal(paths.length, 1);
  await pass(15);

  assert.equal(paths.length, 3);
});

test("a list without a match is refreshed, even if older deliveries may match", async context => {
  let page = { items: [], next: "more" };
  const { pass, text } = await showView(context, "rh-delivery-list", { query: { state: "FAILED" } }, () => [page], list);
  assert.match(text(), /No matches so far/);

  page = { items: [delivery("1", "FAILED")], next: "more" };
  await pass(13);

  assert.doesNotMatch(text(), /No matches/);
});

test("a finished delivery that is deleted is not shown for long", async context => {
  let response = [delivery("1", "FAILED")];
  const respond = path => (path.startsWith("/deliveries/") ? response : [{ id: "w1", name: "Chat", endpoint: "" }]);
  const { pass, text } = await showView(context, "rh-delivery", { delivery: "1" }, respond);
  assert.match(text(), /Why it failed/);

  response = [{ detail: "there is no delivery" }, 404];
  await pass(13);

  assert.match(text(), /Page not found/);
});

test("a filter that the API refuses is explained beside it, until it is changed", async context => {
  const refused = [{ detail: "statusCode: must be a number", errors: [{ parameter: "statusCode", detail: "statusCode: must be a number" }] }, 400];
  const respond = path => (path.includes("abc") ? refused : [{ items: [], next: null }]);
  const params = { query: { statusCode: "abc" } };
  const { main, view, pass, paths, text } = await showView(context, "rh-delivery-list", params, respond, list);
  assert.equal(main.querySelector("[role=alert]").textContent.trim(), "HTTP status must be a number.");
  assert.equal(main.querySelector("[name=filter]").getAttribute("aria-invalid"), "true");
  await pass(10);
  assert.equal(paths.length, 1);

  view.params.query = { statusCode: "500" };
  await view.reload();
  await pass(0);

  assert.equal(main.querySelector("[role=alert]").hidden, true);
  assert.match(text(), /No matches/);
});

test("what is typed into a filter while an earlier input is applied stays", async context => {
  const respond = () => [{ items: [], next: null }];
  const { main, view, pass } = await showView(context, "rh-delivery-list", { query: { statusCode: "500" } }, respond, list);
  const field = main.querySelector("[name=filter]");

  field.value = "";
  const applied = view.applyFilter({ statusCode: "" });
  await Promise.resolve();
  field.value = "40";
  await applied;
  await pass(0);

  assert.equal(field.value, "40");
});

test("a text becomes the parts of a filter, and what no part knows is named", () => {
  const fields = [
    choice("status", "Status", ["PENDING", ["NOT_RESENT", "Failed, not resent"]]),
    { name: "statusCode", key: "code", label: "HTTP status" },
    { name: "run", key: "run", label: "Run or delivery", isMain: true },
  ];
  const chosen = text => parsed(text, fields).chosen;

  assert.deepEqual(chosen("status:pending code:503 run-1"), { status: "PENDING", statusCode: "503", run: "run-1" });
  assert.deepEqual(chosen('Status:not-resent run:"a b"'), { status: "NOT_RESENT", run: "a b" });
  assert.deepEqual(chosen(""), {});
  assert.equal(parsed("status:late", fields).unknown, "Status cannot be “late”.");
  assert.equal(parsed("color:red", fields).unknown, "No filter is called “color”.");
});

test("what is typed becomes a chip, and a click on the chip removes it", async context => {
  const respond = () => [{ items: [], next: null }];
  const { main, view, pass } = await showView(context, "rh-delivery-list", { query: { state: "FAILED" } }, respond, list);
  const field = main.querySelector("[name=filter]");
  const chips = () => [...main.querySelectorAll(".chip b")].map(each => each.textContent);

  field.value = "status:failed code:503";
  field.dispatchEvent(new Event("change", { bubbles: true }));
  await pass(1);
  assert.deepEqual(chips(), ["Failed", "Failed", "503"]);
  assert.deepEqual(view.params.query, { state: "FAILED", status: "FAILED", statusCode: "503", from: "", to: "" });
  main.querySelector(".chip").click();
  await pass(0);

  assert.deepEqual(chips(), ["Failed", "503"]);
  assert.equal(view.params.query.status, "");
});

test("the runs of a stack stay with their filter if the API refuses it", async context => {
  const respond = path => (path.includes("/runs") ? [{ detail: "idPrefix: is too long" }, 400] : [{ id: "net", items: [] }]);
  const { main, text } = await showView(context, "rh-runs", { stack: "net", query: { idPrefix: "x" } }, respond);

  assert.equal(main.querySelector("[role=alert]").textContent.trim(), "IdPrefix: is too long.");
  assert.doesNotMatch(text(), /Something went wrong/);
});

test("a failed refresh of a view and of its list is reported once, until both succeed", async context => {
  let outer, inner;
  customElements.define("rh-outer", class extends View {
    start() {
      this.every(1000, () => outer?.());
    }
  });
  customElements.define("rh-inner", class extends View {
    start() {
      this.every(1000, () => inner?.());
    }
  });
  const { view, main, pass } = await showView(context, "rh-outer", {}, () => [{}]);
  view.append(createView("rh-inner", {}));
  outer = inner = () => {
    throw new Problem(503, { detail: "overloaded" });
  };
  await pass(2);
  assert.equal(main.querySelectorAll(".outdated").length, 1);

  outer = () => null;
  await pass(2);
  assert.equal(main.querySelectorAll(".outdated").length, 1);
  inner = () => null;
  await pass(2);

  assert.equal(main.querySelectorAll(".outdated").length, 0);
});

test("the latest median says of when it is", () => {
  const view = Object.assign(document.createElement("rh-health"), { params: { query: {} } });
  const item = (minute, p50Ms) => ({
    start: `2026-01-02T03:${minute}:00Z`, delivered: p50Ms ? 1 : 0, failed: 1, pending: 0, retried: 0, p50Ms, p99Ms: p50Ms,
  });
  const textWith = items => {
    view.stats = { step: "PT1M", truncated: false, items };
    return textOf(view.charts(null, view.stats));
  };

  assert.match(textWith([item("53", 4), item("54", null)]), /p50 of \d+:53.*–.*\d+:54.*4 ms/);
  assert.match(textWith([item("53", null)]), /p50–/);
});

test("the middle of a breadcrumb is shown on request", () => {
  const nav = document.body.appendChild(document.createElement("nav"));
  const trail = ["Stacks", "Net", "Integrations", "Chat", "Deliveries"].map(text => [text, `#/${text}`]);
  showBreadcrumb(nav, trail, "a");
  assert.deepEqual([...nav.querySelectorAll(".middle")].map(each => each.textContent), ["Net", "Integrations"]);

  nav.querySelector("button").click();

  assert.ok(nav.querySelector("ol.all"));
  assert.equal(document.activeElement.textContent, "Net");
  showBreadcrumb(nav, trail, "b");
  assert.equal(nav.querySelector("ol.all"), null);
  showBreadcrumb(nav, trail.slice(0, 3), "b");
  assert.equal(nav.querySelector("button"), null);
  nav.remove();
});

test("every page says that nothing is sent, until it is sent or the user signs out", async context => {
  context.mock.timers.enable({ apis: ["setTimeout", "Date"], now: Date.parse(CREATED) });
  let stalledSince = CREATED;
  context.mock.method(globalThis, "fetch", async () => new Response(JSON.stringify({ stalledSince })));
  const toasts = document.body.appendChild(Object.assign(document.createElement("div"), { className: "toasts" }));
  context.after(() => toasts.remove());
  const pass = async seconds => {
    context.mock.timers.tick(seconds * 1000);
    await settle();
    await settle();
  };
  session.store({ role: "admin" });
  watchSender();
  await pass(1);
  assert.match(toasts.textContent, /Nothing is being sent/);

  stalledSince = null;
  await pass(10);
  assert.equal(toasts.textContent, "");
  stalledSince = CREATED;
  await pass(10);
  assert.match(toasts.textContent, /Nothing is being sent/);
  session.clear();
  await pass(10);

  assert.equal(toasts.textContent, "");
});

test("the page does not ask whether anything is sent if the start page has just asked", async context => {
  session.store({ role: "reader" });
  const respond = path => [homePages([])[path] ?? { items: [], next: null }];
  const { paths, pass } = await showView(context, "rh-home", { query: {} }, respond);
  watchSender();

  await pass(4);

  assert.deepEqual(paths.filter(path => path === "/sender"), ["/sender"]);
});

const receiver = (id, more = {}) => ({
  id, name: id, endpoint: `https://${id}.example.com/hooks`, stack: "net", decryptionErrors: [], enabled: true,
  status: { state: "ACTIVE", consecutiveFailures: 0 }, pendingDeliveries: 0, failedDeliveries: 0,
  lastSuccessAt: null, lastFailureAt: null, firstAttempts: { total: 0, failed: 0 },
  ...more,
  health: {
    verdict: "HEALTHY", cause: "DELIVERED", since: null, detail: null, needsAttention: false, oldestPendingAt: null,
    lastResult: null, trend: { delivered: Array(48).fill(0), failed: Array(48).fill(0) },
    recent: { total: 0, delivered: 0, deliveredAtFirst: 0, successRate: null, p50Ms: null, p99Ms: null },
    ...more.health,
  },
});
const ofLatency = (id, p99Ms, more = {}) =>
  receiver(id, { ...more, health: { recent: { total: 3, delivered: 2, deliveredAtFirst: 1, successRate: 2 / 3, p50Ms: 4, p99Ms } } });

/** Shows the receivers in the order of a query. */
async function showReceivers(context, items, query = {}) {
  location.hash = "#/receivers";
  const pages = [items.slice(0, 2), items.slice(2)];
  const respond = path => [path.includes("after=") ? { items: pages[1], next: null } : { items: pages[0], next: "2" }];
  const shown = await showView(context, "rh-receivers", { query }, respond);
  const names = () => [...shown.main.querySelectorAll(".rowlink")].map(link => link.textContent);
  return { ...shown, names };
}

test("receivers are ordered by a figure, those without it last, and the order is in the address", async context => {
  const items = [ofLatency("mid", 50), receiver("none"), ofLatency("fast", 5), ofLatency("slow", 500)];
  const { main, view, names, paths } = await showReceivers(context, items, { sort: "p99" });
  assert.deepEqual(names(), ["slow", "mid", "fast", "none"]);
  assert.equal(paths.length, 2);
  assert.equal(main.querySelector("th[aria-sort]").textContent.trim(), "p99↓");

  main.querySelector("th[aria-sort] button").click();
  await view.updateComplete;

  assert.deepEqual(names(), ["fast", "mid", "slow", "none"]);
  assert.equal(location.hash, "#/receivers?sort=p99&order=asc");
});

test("the settings of a receiver are opened by key", async context => {
  const { main } = await showReceivers(context, [receiver("w1"), receiver("w2")]);

  main.querySelectorAll(".rowlink")[1].dispatchEvent(new CustomEvent("shortcut", { detail: "e", bubbles: true }));

  assert.equal(location.hash, "#/stacks/net/settings/integrations/w2");
});

test("receivers are grouped by host, in the order of the first of each", async context => {
  const at = (id, host, p99Ms) => ofLatency(id, p99Ms, { endpoint: `https://${host}/${id}` });
  const items = [at("a1", "a.example.com", 1), at("b1", "b.example.com", 9), at("a2", "a.example.com", 5)];
  const { main, names } = await showReceivers(context, items, { sort: "p99", group: "host" });

  const groups = [...main.querySelectorAll(".group")].map(row => row.textContent.replace(/\s+/g, " ").trim());
  assert.deepEqual(groups, ["b.example.com 1", "a.example.com 2"]);
  assert.deepEqual(names(), ["b1", "a2", "a1"]);
});

test("the first receivers are shown before the others have arrived", async context => {
  location.hash = "#/receivers";
  const respond = path => (path.includes("after=") ? undefined : [{ items: [receiver("first")], next: "2" }]);
  const { main } = await showView(context, "rh-receivers", { query: {} }, respond);

  assert.equal(main.querySelectorAll(".rowlink").length, 1);
  assert.match(main.querySelector("[aria-disabled=true]").textContent, /Download CSV/);
});

test("the trend of a receiver has a bar for each half-hour with deliveries, and failures on top", async context => {
  const delivered = Array(48).fill(0);
  const failed = Array(48).fill(0);
  delivered[46] = 3;
  delivered[47] = 10;
  failed[47] = 10;
  const items = [receiver("busy", { health: { trend: { delivered, failed } } }), receiver("quiet")];
  const { main } = await showReceivers(context, items);

  const [spark, ...others] = main.querySelectorAll(".spark");
  assert.equal(others.length, 0);
  assert.equal(spark.getAttribute("aria-label"), "In 24 hours 13 delivered, 10 failed");
  const paths = [...spark.querySelectorAll("path")].map(path => path.getAttribute("d"));
  assert.deepEqual(paths, ["M93 20v-3.0M95 20v-10.0", "M95 10v-10.0"]);
});

test("a CSV of receivers quotes values and runs no formula", () => {
  const [heads, line] = csvOf([ofLatency('=cmd("x"), y', 7)]).split("\r\n");

  assert.match(heads, /^id,name,endpoint,stack,verdict,cause,detail,finished,delivered,/);
  assert.ok(line.startsWith(`"'=cmd(""x""), y","'=cmd(""x""), y",`));
  assert.match(line, /,net,HEALTHY,DELIVERED,,3,2,1,4,7,0,,0,,$/);
});

const failing = (id, more = {}) =>
  receiver(id, {
    endpoint: `https://crm.example.com/${id}`,
    pendingDeliveries: 2,
    ...more,
    health: {
      verdict: "PAUSED", cause: "ATTEMPTS_FAIL", detail: "the receiver responded with status 503", since: `2026-03-14T1${id}:00:00Z`,
      needsAttention: true, ...more.health,
    },
  });

/** The responses to the home view of an account with these webhooks, all of which need attention. */
const homePages = items => ({
  "/sender": { alive: true, stalledSince: null },
  "/summary": {
    health: {
      ...receiver("all").health, verdict: "PAUSED", needsAttention: items.length > 0,
      needingAttention: items.length,
      webhooks: items.length, verdicts: { DISABLED: 0 }, pendingDeliveries: 2 * items.length,
      lastResult: { at: "2026-03-14T12:00:00Z", delivered: false },
    },
    needingAttention: items,
  },
});

test("webhooks with the same problem with the same host are one item, with actions for all", async context => {
  session.store({ role: "admin" });
  const other = failing("3", { endpoint: "https://chat.example.com/3" });
  const items = [failing("1"), failing("2"), other];
  const pages = homePages(items);
  const respond = path => [pages[path] ?? { items: [], next: null }];
  const toasts = document.body.appendChild(Object.assign(document.createElement("div"), { className: "toasts" }));
  context.after(() => toasts.remove());
  const { main, paths, pass } = await showView(context, "rh-home", { query: {} }, respond);
  const [group, single] = main.querySelectorAll(".fixes > li");
  const text = group.querySelector(".actions").textContent.replace(/\s+/g, " ");
  assert.match(text, /Paused crm\.example\.com answers 503 since/);
  assert.match(group.querySelector(".notice p").textContent, /^2 webhooks, 4 waiting$/);
  assert.equal(group.querySelectorAll("details li").length, 2);
  assert.match(single.textContent, /Resume now/);

  group.querySelector('[aria-label="Resume all 2: crm.example.com"]').click();
  await pass(0);

  assert.deepEqual(paths.filter(path => path.endsWith("/resume")), [
    "/stacks/net/webhooks/1/resume", "/stacks/net/webhooks/2/resume",
  ]);
  assert.equal(toasts.textContent, "2 webhooks resumed.");
});

test("what waits for webhooks that fail and are not paused is retried together", async context => {
  session.store({ role: "admin" });
  const paused = failing("1");
  const items = [paused, ...["2", "3"].map(id => failing(id, { health: { verdict: "FAILING" } }))];
  const pages = homePages(items);
  const { main } = await showView(context, "rh-home", { query: {} }, path => [pages[path] ?? { items: [], next: null }]);

  const buttons = [...main.querySelectorAll(".fixes > li > .notice button")].map(each => each.textContent);

  assert.deepEqual(buttons, ["Resume", "Probe", "Retry all 2"]);
});

test("the old and the new value of a change are told apart, unless an arrow is part of them", () => {
  assert.deepEqual(change("states: FAILED → (default)"), ["states", "FAILED", "(default)"]);
  assert.deepEqual(change("name: a: b → c"), ["name", "a: b", "c"]);
  assert.deepEqual(change("name: a → b → c"), ["name", "a → b → c"]);
});

test("a day has a mark for each run and webhook, one of which Tab reaches", async context => {
  await import("./src/views/stack/day-view.js");
  const lane = (webhook, phase, delivered) => ({ webhook, phase, deliveries: phase ? 2 : 0, delivered, skipped: 1 });
  const run = (id, lanes) => ({ id, branch: "main", createdAt: CREATED, state: "FINISHED", stateVersion: 2, lanes });
  const webhooks = [
    { id: "w1", name: "Chat", endpoint: "http://a", deleted: false },
    { id: "w2", name: "", endpoint: "https://b.example/hook", deleted: true },
  ];
  const first = { webhooks: webhooks.slice(0, 1), items: [run("run-2", [lane("w1", "FAILED", 1)])], next: "more" };
  const second = { webhooks, items: [run("run-1", [lane("w1", null, 0), lane("w2", "DELIVERED", 2)])], next: null };
  const respond = path => {
    if (path === "/stacks/net") return [{ id: "net", name: "Network" }];
    return [path.includes("after=more") ? second : first];
  };

  const { main, paths, pass } = await showView(context, "rh-day", { stack: "net", query: {} }, respond);
  await pass(0);

  const marks = [...main.querySelectorAll(".mark")];
  assert.deepEqual(marks.map(mark => mark.getAttribute("aria-label")), [
    "Chat, run-2: Failed, 1 of 2 delivered, 1 skipped",
    "Chat, run-1: Not sent, 1 skipped",
    "b.example/hook, run-1: Delivered, 2 of 2 delivered, 1 skipped",
  ]);
  assert.deepEqual(marks.map(mark => mark.getAttribute("tabindex")), ["0", "-1", "-1"]);
  assert.deepEqual(marks.map(mark => mark.dataset.name), ["Chat", undefined, undefined]); // on phones and in print
  assert.match(main.querySelectorAll(".calm")[1].textContent, /1 delivered\s*1 not sent/);
  assert.equal(marks[0].getAttribute("href"), "#/stacks/net/settings/integrations/w1/deliveries?run=run-2");
  assert.equal(marks[2].getAttribute("href"), "#/deliveries?webhook=w2&run=run-1");
  assert.equal(paths.filter(path => path.includes("/matrix?from=")).length, 2);

  await pass(6);

  assert.equal(paths.filter(path => path.includes("after=more")).length, 1);
  assert.ok(paths.filter(path => path.includes("limit=50")).length > 1);
});
