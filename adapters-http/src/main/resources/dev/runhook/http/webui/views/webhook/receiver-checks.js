import { LitElement, html, nothing } from "lit";
import { api } from "../../api/api.js";
import { sheet } from "../../components/list.js";
import { badge } from "../../components/status-badges.js";
import { attempt } from "../../components/view.js";
import { pathOf } from "../../components/webhook-actions.js";
import { t } from "../../text/messages.js";
import { sentence } from "../../text/text.js";

const KINDS = { PASSED: "good", FAILED: "bad", SKIPPED: "idle" };

/**
 * Checks the receiver of a webhook on request: whether it can be reached, responds in time and refuses forged requests.
 *
 * Property: `webhook`, of a stack or of the account.
 */
class ReceiverChecks extends LitElement {
  static properties = { webhook: { attribute: false }, checks: { state: true }, running: { state: true } };

  createRenderRoot() {
    return this;
  }

  willUpdate(changed) {
    const before = changed.get("webhook");
    if (before && !isSameReceiver(before, this.webhook)) this.checks = null;
  }

  async run() {
    const { webhook } = this;
    this.running = webhook;
    try {
      const { checks } = await api.post(`${pathOf(webhook)}/checks`, {});
      if (isSameReceiver(webhook, this.webhook)) this.checks = checks;
    } finally {
      if (this.running === webhook) this.running = null;
    }
  }

  render() {
    return html`
      <section class="card" aria-label=${t.checks.title}>
        <h2>${t.checks.title}</h2>
        <p class="hint">${this.webhook.enabled ? t.checks.hint : t.checks.needsEnabled}</p>
        ${this.webhook.enabled ? this.content() : nothing}
      </section>
    `;
  }

  content() {
    const { checks, running, webhook } = this;
    const isRunning = Boolean(running) && isSameReceiver(running, webhook);
    const onClick = () => isRunning || attempt(() => this.run());
    const names = Object.keys(t.checks.names);
    return html`
      <div class="actions more">
        <button type="button" aria-disabled=${String(isRunning)} @click=${onClick}>${t.checks.run}</button>
      </div>
      <div class="more" aria-live="polite" aria-busy=${String(isRunning)}>
        ${sheet(columns(isRunning), checks && !isRunning ? checks : names.map(name => ({ name })))}
      </div>
    `;
  }
}

/** Whether the checks of one webhook are valid for the other, which may be the same with new settings. */
const isSameReceiver = (one, other) =>
  one.id === other.id && one.endpoint === other.endpoint && one.format === other.format;

/** A check without a result has not run. */
const columns = isRunning => [
  [t.checks.check, ({ name, detail }) => html`
    ${t.checks.names[name]} ${detail ? html`<span class="two">${sentence(detail)}</span>` : nothing}
  `, "wide whole"],
  [t.checks.result, ({ result }) =>
    result
      ? badge(KINDS[result], t.checks.results[result])
      : badge(isRunning ? "busy" : "idle", isRunning ? t.checks.running : t.checks.open)],
];

customElements.define("rh-receiver-checks", ReceiverChecks);
