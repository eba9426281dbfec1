import { LitElement, html, nothing } from "lit";
import { api, e } from "../api/api.js";
import { session } from "../api/session.js";
import { curlExample } from "../components/clipboard.js";
import { attempt } from "../components/view.js";
import { addressOf } from "../components/webhook-actions.js";
import { t } from "../text/messages.js";

/**
 * The steps to the first delivery. Those that are done are ticked, and the next one says what to do.
 *
 * Properties: the id of a `stack`, or null; the latest `runs`; and a `webhook`, or null, to which nothing was sent.
 */
class GettingStarted extends LitElement {
  static properties = {
    stack: {},
    runs: { attribute: false },
    webhook: { attribute: false },
    hasToken: { state: true },
  };

  createRenderRoot() {
    return this;
  }

  /** The view loads again and again, so a token that was created elsewhere is noticed. */
  willUpdate(changed) {
    if (changed.has("runs") && !this.hasToken && !session.me.stacks) attempt(() => this.findToken(), () => {});
  }

  async findToken() {
    const { items } = await api.get("/tokens?limit=200");
    this.hasToken = items.some(({ role }) => role === "writer");
  }

  /** Each step: its text, whether it is done, and what to do for it, if that is possible yet. */
  get steps() {
    const { stack, runs, webhook, hasToken } = this;
    const { steps } = t.gettingStarted;
    const path = `/stacks/${e(stack ?? "demo")}`;
    const run = { branch: "main", commit: { hash: "0ee3f1c" } };
    const link = (address, text) => html`<a class="button" href=${address}>${text}</a>`;
    return [
      ...(session.me.stacks ? [] : [[steps.token, hasToken, () => link("#/account/tokens", t.tokens.create)]]),
      [steps.stack, stack !== null, () => curlExample("PUT", path, { name: "Demo" })],
      [steps.webhook, Boolean(webhook), stack && (() => link(`#${path}/settings/integrations/new`, t.webhook.add))],
      [steps.run, runs.length > 0, stack && (() => curlExample("POST", `${path}/runs`, run))],
      [steps.delivery, false, webhook && (() => link(`${addressOf(webhook)}/receiver`, t.receiver.title))],
    ];
  }

  render() {
    const { steps } = this;
    const next = steps.findIndex(([, isDone]) => !isDone);
    return html`
      <section class="card" aria-labelledby="getting-started">
        <h2 id="getting-started">${t.gettingStarted.title}</h2>
        <p class="quiet">${t.gettingStarted.demo}</p>
        <ol class="checklist stackup">
          ${steps.map(([text, isDone, action], i) => html`
            <li aria-current=${i === next ? "step" : nothing}>
              <span
                class="tick ${isDone ? "" : "open"}"
                role="img"
                aria-label=${isDone ? t.gettingStarted.done : t.gettingStarted.open}
              >${isDone ? "✓" : i + 1}</span>
              <div>
                ${text}
                ${action && !isDone ? html`<div class="more">${action()}</div>` : nothing}
              </div>
            </li>
          `)}
        </ol>
      </section>
    `;
  }
}

customElements.define("rh-getting-started", GettingStarted);
