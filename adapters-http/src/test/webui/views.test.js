import assert from "node:assert/strict";
import { after, test } from "node:test";
import { GlobalRegistrator } from "@happy-dom/global-registrator";

GlobalRegistrator.register({ url: "http://localhost/" });
window.early = new Map();
after(() => GlobalRegistrator.unregister()); // ends the timers of the modules
const { html, render } = await import("lit");
const { Problem } = await import("./src/api/api.js");
const { t } = await import("./src/text/messages.js");
const { describeStatus } = await import("./src/components/status-badges.js");
const { View, createView } = await import("./src/components/view.js");
await import("./src/views/webhook/health-view.js");

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

test("a webhook without retries is never said to retry", () => {
  const failing = retrySchedule => ({
    decryptionErrors: [],
    status: { state: "ACTIVE" },
    pendingDeliveries: 1,
    firstAttempts: { total: 3, failed: 2 },
    effective: { timeout: "PT3S", retrySchedule },
  });

  assert.match(describeStatus(failing(["PT5S"])), /67 % of recent deliveries failed at the first attempt/);
  assert.equal(describeStatus(failing([])), null);
});

test("a webhook says why its events are not sent in its format", () => {
  const webhook = { decryptionErrors: [], status: { state: "ACTIVE" }, pendingDeliveries: 0, effective: {} };

  const text = describeStatus({ ...webhook, formatError: "the template takes more than 10 ms" });

  assert.match(text, /sent as Runhook's payload.* The template takes more than 10 ms\.$/);
  assert.equal(describeStatus({ ...webhook, formatError: null }), null);
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
