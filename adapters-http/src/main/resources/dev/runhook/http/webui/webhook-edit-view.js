import { html, nothing } from "lit";
import { keyed } from "lit/directives/keyed.js";
import { Problem, api, e } from "./api.js";
import { h } from "./dom.js";
import { View, facts, title, toast } from "./view.js";
import { session } from "./session.js";
import { hiddenSecret } from "./clipboard.js";
import { relativeTime } from "./time.js";
import { settingsLayout, stackTabs } from "./stack-layout.js";
import { webhookForm } from "./webhook-form.js";
import { WebhookView } from "./webhook-layout.js";
import { added, askToDelete, askToRotateSecret, enabledSwitch, pathOf, ping } from "./webhook-actions.js";

const cancelLink = href => h("a", { class: "button", href }, "Cancel");

/// The form that adds a webhook.
class NewWebhookView extends View {
  hasUnsavedChanges() {
    return Boolean(this.form?.isChanged());
  }

  start() {
    const { stack } = this.params;
    const list = `#/stacks/${e(stack)}/settings/integrations`;
    if (session.may("admin")) {
      this.form = webhookForm({
        submit: "Add webhook",
        cancel: cancelLink(list),
        async send(body) {
          const webhook = await api.post(`/stacks/${e(stack)}/webhooks`, body);
          added.id = webhook.id;
          toast(["Webhook added.", ...webhook.warnings].join(" "));
          location.hash = list;
          return webhook;
        },
      });
      this.updateComplete.then(() => this.querySelector("form input").focus());
    }
    this.guard(async () => this.set({ stack: await api.get(`/stacks/${e(stack)}`, this.signal) }));
  }

  render() {
    const { stack } = this.params;
    return html`
      ${title(this.stack?.name ?? stack)}
      ${stackTabs(stack, "settings")}
      ${settingsLayout(stack, "integrations", html`
        <section>
          <div class="title"><h2>Add webhook</h2></div>
          ${this.form ?? html`<p class="notice">You need an admin token to add a webhook.</p>`}
        </section>
      `)}
    `;
  }
}

customElements.define("rh-webhook-new", NewWebhookView);

/// The settings of a webhook: enabled or not, secret, endpoint and filters, deletion.
class WebhookEditView extends WebhookView {
  tab = "edit";

  get list() {
    return `#/stacks/${e(this.params.stack)}/settings/integrations`;
  }

  load() {
    if (!session.may("admin")) return;
    const form = webhookForm({
      webhook: this.webhook,
      submit: "Save",
      cancel: cancelLink(this.list),
      send: (changes, basedOn) => this.save(changes, basedOn),
    });
    this.set({ form, hasConflict: false });
  }

  async save(changes, basedOn) {
    try {
      const saved = await api.patch(pathOf(this.webhook), changes, basedOn);
      this.change(saved);
      toast("Saved");
      return saved;
    } catch (problem) {
      if (problem.status !== 412) throw problem;
      this.set({ hasConflict: true });
      await this.refresh();
      throw new Problem(412, { detail: "Not saved: another user has changed this webhook." });
    }
  }

  leave() {
    this.form = null; // its changes are void
    location.hash = this.list;
  }

  hasUnsavedChanges() {
    return Boolean(this.form?.isChanged());
  }

  /// Shows a change that the user has made next to the form.
  changeElsewhere(updated) {
    this.form?.rebase(updated);
    this.change(updated);
  }

  content(webhook) {
    const isAdmin = session.may("admin");
    return html`
      <div class="stackup narrowform">
        <section class="card stackup" aria-label="Deliveries">
          ${isAdmin
            ? enabledSwitch(webhook, updated => this.changeElsewhere(updated))
            : html`<p>${webhook.enabled ? "Events are delivered." : "Events are not delivered."}</p>`}
          ${isAdmin ? this.testSection() : nothing}
        </section>
        <section class="card stackup" aria-label="Secret">
          <h2>Secret</h2>
          ${this.secrets(webhook)}
          ${isAdmin
            ? html`
                <div class="actions">
                  <button type="button" @click=${() => this.rotateSecret()}>Rotate secret</button>
                </div>
              `
            : nothing}
        </section>
        ${this.hasConflict ? this.conflictNotice() : nothing}
        ${this.form ?? nothing}
        ${isAdmin ? this.deleteSection() : nothing}
        <p class="quiet small">
          Added ${relativeTime(webhook.createdAt)}, updated ${relativeTime(webhook.updatedAt)}.
        </p>
      </div>
    `;
  }

  conflictNotice() {
    return html`
      <div class="notice" role="alert">
        Another user has changed this webhook while you edited it.
        <button type="button" class="small" @click=${() => this.load()}>Discard my changes and show theirs</button>
      </div>
    `;
  }

  testSection() {
    if (!this.webhook.enabled) return html`<p class="hint">To send a test event, enable the webhook first.</p>`;
    const test = () => ping(this.webhook, result => this.set({ result }), this.signal);
    const hint =
      this.webhook.status.state === "PAUSED"
        ? "While the webhook is paused, a test event waits for the next probe or until you resume."
        : "Sends a signed test request through the same path as real events.";
    return html`
      <div class="actions">
        <button type="button" @click=${test}>Send test event</button>
        <span class="hint">${hint}</span>
      </div>
      <p class="notice info" role="status" ?hidden=${!this.result}>${this.result}</p>
    `;
  }

  deleteSection() {
    return html`
      <section class="card" aria-label="Delete">
        <h2>Delete this webhook</h2>
        <div class="actions">
          <button
            type="button"
            class="danger"
            @click=${() => askToDelete(this.webhook, () => this.leave())}
          >Delete webhook</button>
          <span class="hint">This can't be undone.</span>
        </div>
      </section>
    `;
  }

  rotateSecret() {
    askToRotateSecret(this.webhook, updated => {
      this.rotations = (this.rotations ?? 0) + 1;
      this.warnings = updated.warnings;
      this.changeElsewhere(updated);
    });
  }

  /// The secrets are hidden again after a rotation.
  secrets(webhook) {
    const previousExpiry = webhook.previousSecretExpiresAt;
    const label = "the secret in Standard Webhooks format";
    return html`
      ${(this.warnings ?? []).map(text => html`<p class="notice">${text}</p>`)}
      ${keyed(this.rotations, facts([
        ["Signing secret", hiddenSecret(webhook, "secret", "the secret")],
        ["Standard Webhooks format", hiddenSecret(webhook, "standardSecret", label)],
        previousExpiry && [
          "Previous secret",
          ["Still used in webhook-signature; expires ", relativeTime(previousExpiry)],
        ],
      ]))}
    `;
  }
}

customElements.define("rh-webhook-edit", WebhookEditView);
