import assert from "node:assert/strict";
import { after, beforeEach, test } from "node:test";
import { GlobalRegistrator } from "@happy-dom/global-registrator";

GlobalRegistrator.register({ url: "http://localhost/" });
window.early = new Map();
after(() => GlobalRegistrator.unregister()); // ends the timers of the modules
const { session } = await import("./src/api/session.js");
await import("./src/views/webhook/webhook-form.js");
await import("./src/views/search-view.js");
await import("./src/views/account/audit-view.js");
await import("./src/views/stack/stacks-view.js");
await import("./src/components/secret.js");

const CREATED = "2026-03-14T12:00:00Z";

const settle = async () => {
  for (let i = 0; i < 5; i++) await new Promise(resolve => setTimeout(resolve));
};

const words = element => element.textContent.replace(/\s+/g, " ").trim();

/** The responses by path. A response can be a function of the request. */
let responses;
beforeEach(() => {
  document.body.innerHTML = '<main></main><div class="toasts"></div>';
  responses = {};
  session.store({ role: "admin", stacks: null });
  globalThis.fetch = async (url, { body }) => {
    const response = responses[url.replace("api/v1", "").split("?")[0]];
    return new Response(JSON.stringify(typeof response === "function" ? response(JSON.parse(body)) : response));
  };
});

async function show(tag, properties) {
  const element = Object.assign(document.createElement(tag), properties);
  document.querySelector("main").replaceChildren(element);
  await settle();
  return element;
}

test("the form of a webhook counts the unsaved changes, also those of a choice of states", async () => {
  const webhook = {
    id: "w1", stack: "net", endpoint: "https://crm.example.com/", name: "CRM", states: ["FAILED"], types: [],
    headers: {}, format: "runhook", events: ["run_state_changed"],
    effective: { timeout: "PT10S", retrySchedule: [] },
  };
  const form = await show("rh-webhook-form", { webhook, stack: "net", submit: "Save", send: async () => webhook });
  const unsaved = () => words(form.querySelector("form > .actions [role=status]"));
  const choose = async text => {
    [...form.querySelectorAll("button")].find(each => each.textContent.trim() === text).click();
    await settle();
  };
  assert.equal(unsaved(), "");

  await choose("Finished or failed");
  assert.equal(unsaved(), "1 unsaved change");
  assert.deepEqual(form.changes(), { states: ["FINISHED", "FAILED"] });
  assert.equal(form.querySelector('[aria-pressed="true"]').textContent.trim(), "Finished or failed");
  const name = form.querySelector("[name=name]");
  name.value = "CRM of the shop";
  name.dispatchEvent(new Event("input", { bubbles: true }));
  await settle();
  assert.equal(unsaved(), "2 unsaved changes");

  await choose("Enters any state");
  assert.deepEqual(form.changes(), { name: "CRM of the shop", states: [] });
});

test("a dry run that loads on its own reserves its place instead of showing a button", async () => {
  globalThis.fetch = () => new Promise(() => {});

  const dryRun = await show("rh-dry-run", { path: "/dry", body: { branches: [] }, saved: null, open: true });

  assert.equal(dryRun.querySelector("button"), null);
  assert.ok(dryRun.querySelector(".skeleton"));
});

test("a change of the filters shows only the events that it makes a difference to", async () => {
  const event = (run, skip) => ({
    stack: "net", run, state: "FINISHED", stateVersion: 3, timestamp: CREATED, branch: "main",
    skip: skip ? { code: "SKIPPED_BRANCH", params: { branch: "main" }, text: "the branch does not match" } : null,
  });
  const result = (...latest) => ({
    from: CREATED, to: CREATED, examined: 3, examinedPerDay: 3, skipped: [], latest, complete: true,
    sent: latest.filter(({ skip }) => !skip).length, sentPerDay: latest.filter(({ skip }) => !skip).length,
  });
  responses["/dry"] = ({ branches }) =>
    branches.length > 0
      ? result(event("r1", true), event("r2", true), event("r3", false))
      : result(event("r1", false), event("r2", true), event("r3", false));
  const saved = { branches: [] };
  const dryRun = await show("rh-dry-run", { path: "/dry", body: saved, saved, open: true });
  await settle();
  const runs = root => [...root.querySelectorAll("a.code")].map(each => each.textContent);
  assert.match(words(dryRun), /^2 of 3 events of the last 7 days, about 2 a day\./);
  assert.deepEqual(runs(dryRun.querySelector(".sheet")), ["r1", "r3"]);
  assert.match(words(dryRun.querySelector("details")), /^1 event not sent.*r2/);

  dryRun.body = { branches: ["release/*"] };
  await new Promise(resolve => setTimeout(resolve, 450)); // it waits until the user has stopped typing
  await settle();

  assert.match(words(dryRun), /^1 of 3 events of the last 7 days, about 1 a day instead of 2\. What changes: 1 event/);
  assert.deepEqual(runs(dryRun.querySelector(".sheet")), ["r1"]);
  assert.deepEqual(runs(dryRun.querySelector("details")), ["r2", "r3"]);
});

test("the states that are not among the events of a webhook are one row of a search", async () => {
  const found = (webhook, state, code, delivery = null) => ({
    stack: "net", run: "run-1", state, stateVersion: 1,
    outcome: {
      webhook, name: webhook, endpoint: "", delivery, phase: delivery && "DELIVERED",
      explanation: [{ code, params: { state, attempt: "1", branch: "x", branches: "main" }, text: "because" }],
    },
    similar: code === "DELIVERED" ? null : { count: 5, since: new Date(Date.now() - 7 * 86_400_000).toISOString() },
  });
  responses["/search"] = {
    unknown: [], stacks: [], webhooks: [], runs: [],
    outcomes: [
      found("Slack", "FINISHED", "DELIVERED", "d1"), found("Pigeon", "FINISHED", "SKIPPED_BRANCH"),
      found("Slack", "PLANNING", "SKIPPED_STATE"), found("Pigeon", "PLANNING", "SKIPPED_STATE"),
      found("Slack", "QUEUED", "SKIPPED_STATE"), found("Slack", "PREPARING", "SKIPPED_STATE"),
    ],
  };
  const view = await show("rh-search", { params: { query: { q: "run-1" } } });

  const rows = [...view.querySelectorAll("tbody tr")].map(words);
  assert.equal(rows.length, 4);
  assert.match(rows[0], /^Slack net/);
  assert.match(rows[1], /^– ?Not sent Planning|^Not sent Planning/);
  assert.match(rows[1], /The same for Queued, Preparing\. 4 other events left out for this reason in the last 7 days\./);
  assert.match(rows[2], /^Pigeon net/);
  assert.doesNotMatch(rows[3], /The same for/);
  assert.deepEqual([...view.querySelectorAll("th")].map(words), ["Webhook", "Status", "Event", "Why"]);
});

test("the audit log says nothing twice", async () => {
  const event = (action, details) => ({
    id: action, action, stack: "net", resource: "w1", actor: "Ana", occurredAt: CREATED, details,
  });
  responses["/audit"] = {
    items: [
      event("WEBHOOK_CREATED", { name: "Chat", host: "chat.example.com", enabled: "true" }),
      event("WEBHOOK_CREATED", { host: "chat.example.com", enabled: "false" }),
      event("SECRET_ROTATED", { name: "Chat", host: "chat.example.com", overlap: "PT24H" }),
      event("WEBHOOK_UPDATED", { name: "Chat", host: "b.example.com", previousHost: "a.example.com" }),
    ],
    next: null,
  };
  const view = await show("rh-audit", { params: { query: {} } });

  const rows = [...view.querySelectorAll("tbody tr")].map(row => [...row.children].slice(2).map(words).join(" | "));
  assert.deepEqual(rows, [
    "Webhook added | net · Chat",
    "Webhook added enabled: false | net · Webhook at chat.example.com",
    "Secret rotated overlap: 24 hours | net · Chat",
    "Webhook changed host: b.example.com previous host: a.example.com | net · Chat",
  ]);
});

test("the redeliveries of a selection are one row of the audit log", async () => {
  const event = (actor, seconds, action = "DELIVERY_REDELIVERED") => ({
    id: `${actor} ${seconds}`, action, stack: "net", resource: `d${seconds}`, actor,
    occurredAt: new Date(Date.parse(CREATED) + seconds * 1000).toISOString(), details: {},
  });
  responses["/audit"] = {
    items: [event("Ana", 62), event("Ana", 61), event("Ana", 60), event("Bo", 59), event("Ana", 2), event("Ana", 1)],
    next: null,
  };
  const view = await show("rh-audit", { params: { query: {} } });

  const subjects = [...view.querySelectorAll("tbody > tr > :last-child")]
    .map(cell => words(cell.querySelector("summary") ?? cell));
  assert.deepEqual(subjects, ["3 deliveries", "net · Delivery", "2 deliveries"]);
  const links = [...view.querySelectorAll("tbody > tr:first-child details a")].map(link => link.getAttribute("href"));
  assert.deepEqual(links, ["#/deliveries/d62", "#/deliveries/d61", "#/deliveries/d60"]);
});

for (const [statusCode, offered] of [[401, "Change secret"], [403, "Change secret"], [500, ""]]) {
  test(`another secret is offered if the receiver responds with ${statusCode}: ${offered !== ""}`, async () => {
    const webhook = { id: "w1", stack: "net", name: "Chat", health: { detail: `status 401 and ${statusCode}` } };
    responses["/stacks/net/webhooks/w1/deliveries"] = { items: [{ lastResult: { statusCode } }], next: null };

    const button = await show("rh-rejected-secret", { webhook, onChange: () => {} });

    assert.equal(words(button), offered);
  });
}

test("stacks are ordered by the state of their webhooks, or the run that started last", async () => {
  const stack = (id, verdict, createdAt) => ({
    id, name: id, description: "", labels: [], failedDeliveries: 0,
    latestRun: createdAt && { id: "r", state: "FINISHED", createdAt },
    health: { webhooks: 1, verdict, verdicts: { [verdict]: 1 } },
  });
  responses["/stacks"] = {
    items: [stack("a", "HEALTHY", CREATED), stack("b", "FAILING", null), stack("c", "PAUSED", "2026-03-15T12:00:00Z")],
    next: null,
  };
  const names = view => [...view.querySelectorAll(".rowlink")].map(words);
  const view = await show("rh-stacks", { params: { query: { sort: "webhooks" } } });

  assert.deepEqual(names(view), ["b", "c", "a"]);
  assert.equal(view.querySelector("[aria-sort=ascending]").textContent.trim(), "Webhooks↑");
  [...view.querySelectorAll("th button")].find(button => words(button) === "Latest run").click();
  await settle();
  assert.deepEqual(names(view), ["c", "a", "b"]);
  assert.equal(view.querySelector("[aria-sort=descending]").textContent.trim(), "Latest run↓");
});
