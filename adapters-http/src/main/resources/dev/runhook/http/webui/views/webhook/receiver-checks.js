import { LitElement, html, nothing } from "lit";
import { api } from "../../api/api.js";
import { linesTo } from "../../api/lines.js";
import { sheet } from "../../components/list.js";
import { badge } from "../../components/status-badges.js";
import { attempt } from "../../components/view.js";
import { pathOf } from "../../components/webhook-actions.js";
import { t } from "../../text/messages.js";
import { sentence } from "../../text/text.js";

const KINDS = { PASSED: "good", FAILED: "bad", SKIPPED: "idle" };

/**
 * Checks the receiver of a webhook on request: whether it can be reached, responds in time and refuses forged requests.
 * Each result appears when the server knows it. The request ends when the view is left.
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
    if (!before || isSameReceiver(before, this.webhook)) return;
    this.running?.abort();
    Object.assign(this, { checks: null, running: null });
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.running?.abort();
  }

  async run() {
    const running = new AbortController();
    const { signal } = running;
    const add = check => {
      if (!signal.aborted) this.checks = [...this.checks, check];
    };
    Object.assign(this, { running, checks: [] });
    try {
      const whole = await api.post(`${pathOf(this.webhook)}/checks`, {}, { signal, lines: linesTo(add) });
      whole?.checks.forEach(add);
    } catch (problem) {
      if (!signal.aborted) throw problem;
    } finally {
      if (this.running === running) this.running = null;
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
    const { running } = this;
    const onClick = () => running || attempt(() => this.run());
    const latest = this.checks?.at(-1);
    return html`
      <div class="actions more">
        <button type="button" class="primary" aria-disabled=${String(Boolean(running))} @click=${onClick}>${t.checks.run}</button>
      </div>
      <div class="more">${sheet(COLUMNS, this.rows())}</div>
      <p class="unseen" role="status">
        ${latest ? `${t.checks.names[latest.name]}: ${t.checks.results[latest.result]}` : nothing}
      </p>
    `;
  }

  /** The results in a fixed order. The first one that is missing is awaited, and the others wait for it. */
  rows() {
    const rows = Object.keys(t.checks.names).map(name => this.checks?.find(each => each.name === name) ?? { name });
    const awaited = rows.find(({ result }) => !result);
    const badgeOf = row => {
      if (row.result) return badge(KINDS[row.result], t.checks.results[row.result]);
      if (!this.running) return badge("idle", t.checks.open);
      return row === awaited ? badge("busy", t.checks.running) : badge("idle", t.checks.waiting, undefined, "○");
    };
    return rows.map(row => ({ ...row, badge: badgeOf(row) }));
  }
}

/** Whether the checks of one webhook are valid for the other, which may be the same with new settings. */
const isSameReceiver = (one, other) =>
  one.id === other.id && one.endpoint === other.endpoint && one.format === other.format;

const COLUMNS = [
  [t.checks.check, ({ name, detail }) => html`
    ${t.checks.names[name]} ${detail ? html`<span class="two">${sentence(detail)}</span>` : nothing}
  `, "wide whole"],
  [t.checks.result, row => row.badge],
];

customElements.define("rh-receiver-checks", ReceiverChecks);
