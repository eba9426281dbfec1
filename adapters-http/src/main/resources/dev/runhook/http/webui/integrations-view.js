import { html, nothing } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { api, e, query } from "./api.js";
import { learnName } from "./names.js";
import { View, emptyState, facts, skeleton, title } from "./view.js";
import { badges, tag, webhookBadge } from "./status-badges.js";
import { curlExample, hiddenSecret } from "./clipboard.js";
import { session } from "./session.js";
import { settingsLayout, stackTabs } from "./stack-layout.js";
import { countFailures } from "./failures.js";
import { added, enabledSwitch, statusNotice } from "./webhook-actions.js";

/// Settings → Integrations: the webhooks of a stack.
class IntegrationsView extends View {
  revision = 0;

  start() {
    this.addedId = added.id;
    added.id = null;
    this.poll(5000, () => this.load());
    this.every(15_000, async () => this.set({ failures: await this.loadFailures() }));
  }

  async load() {
    const { revision } = this;
    const path = `/stacks/${e(this.params.stack)}`;
    const [stack, page, failures] = await Promise.all([
      this.stack ?? api.get(path, this.signal),
      api.get(`${path}/webhooks${query({ limit: 200 })}`, this.signal),
      this.failures ?? this.loadFailures(),
    ]);
    if (revision !== this.revision) return; // the user has changed a webhook in the meantime
    learnName(stack.id, stack.name);
    const isFirst = !this.webhooks;
    this.set({ stack, webhooks: page.items, failures: this.failures ?? failures });
    if (!isFirst || !this.addedId) return;
    await this.updateComplete;
    this.querySelector(".fresh")?.scrollIntoView({ block: "nearest" });
  }

  loadFailures() {
    return countFailures("/deliveries", { stack: this.params.stack }, "webhook", this.signal);
  }

  change(updated) {
    this.revision++;
    this.set({ webhooks: this.webhooks.map(each => (each.id === updated.id ? updated : each)) });
  }

  get base() {
    return `#/stacks/${e(this.params.stack)}/settings/integrations`;
  }

  render() {
    return html`
      ${title(this.stack?.name ?? this.params.stack)}
      ${stackTabs(this.params.stack, "settings")}
      ${settingsLayout(this.params.stack, "integrations", html`
        <section aria-labelledby="integrations">
          <div class="title">
            <h2 id="integrations">Integrations</h2>
            <div class="actions">
              ${session.may("admin")
                ? html`<a class="button primary" href="${this.base}/new">Add webhook</a>`
                : nothing}
            </div>
          </div>
          <p class="lead">
            Webhooks send a signed POST request whenever a run on this stack changes state. Delivery is at least once,
            and in order within a run.
          </p>
          <div>${this.content()}</div>
        </section>
      `)}
    `;
  }

  content() {
    const { webhooks } = this;
    if (!webhooks) return skeleton();
    if (webhooks.length === 0) return this.emptyState();
    return html`
      <ul class="stackup">${repeat(webhooks, webhook => webhook.id, webhook => this.item(webhook))}</ul>
    `;
  }

  item(webhook) {
    const base = `${this.base}/${e(webhook.id)}`;
    const name = webhook.name || webhook.endpoint;
    const failures = this.failures(webhook.id);
    const isAdmin = session.may("admin");
    const filters = [...webhook.states, ...webhook.types];
    return html`
      <li class="card webhook ${webhook.id === this.addedId ? "fresh" : ""}">
        <div class="title">
          <div>
            <h3 class="name"><a href="${base}/deliveries" dir="auto">${name}</a></h3>
            ${webhook.name ? html`<p class="code quiet">${webhook.endpoint}</p>` : nothing}
          </div>
          <div class="actions">
            ${webhookBadge(webhook, failures)}
            <a class="button small" href="${base}/deliveries" aria-label="Deliveries of ${name}">Deliveries</a>
            ${isAdmin ? html`<a class="button small" href=${base} aria-label="Edit ${name}">Edit</a>` : nothing}
          </div>
        </div>
        ${statusNotice(webhook, failures, updated => this.change(updated), "small")}
        ${isAdmin ? enabledSwitch(webhook, updated => this.change(updated)) : nothing}
        ${facts(
          [
            ["Events", filters.length ? badges(filters.map(tag)) : "All run states"],
            ["Secret", hiddenSecret(webhook, "secret", "the secret")],
          ],
          "facts small",
        )}
      </li>
    `;
  }

  emptyState() {
    const path = `/stacks/${e(this.params.stack)}/webhooks`;
    const hint = session.may("admin")
      ? html`
          <p>Add one above, or with the API:</p>
          ${curlExample("POST", path, { endpoint: "https://example.com/hooks" })}
        `
      : html`<p>Ask an admin to add a webhook.</p>`;
    return emptyState("No webhooks yet", hint);
  }
}

customElements.define("rh-integrations", IntegrationsView);
