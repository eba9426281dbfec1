import { h } from "./dom.js";
import { api, e } from "./api.js";
import { View, title, toast } from "./view.js";
import { session } from "./session.js";
import { hiddenSecret } from "./clipboard.js";
import { relativeTime } from "./time.js";
import { settingsNav, stackTabs } from "./stack-layout.js";
import { webhookForm } from "./webhook-form.js";
import { WebhookView } from "./webhook-layout.js";
import { added, askToDelete, askToRotateSecret, enabledSwitch, pathOf, ping } from "./webhook-actions.js";

/// The form that adds a webhook.
class NewWebhookView extends View {
  show() {
    const { stack } = this.params;
    const list = `#/stacks/${e(stack)}/settings/integrations`;
    this.append(
      title(stack),
      stackTabs(stack, "settings"),
      h(
        "div",
        { class: "aside" },
        settingsNav(stack, "integrations"),
        h(
          "section",
          {},
          h("div", { class: "title" }, h("h2", {}, "Add webhook")),
          session.may("admin")
            ? webhookForm({
                submit: "Add webhook",
                cancel: h("a", { class: "button", href: list }, "Cancel"),
                async send(body) {
                  const webhook = await api.post(`/stacks/${e(stack)}/webhooks`, body);
                  added.id = webhook.id;
                  toast(["Webhook added.", ...webhook.warnings].join(" "));
                  location.hash = list;
                },
              })
            : h("p", { class: "notice" }, "You need an admin token to add a webhook."),
        ),
      ),
    );
    this.querySelector("form input")?.focus();
    this.guard(async () => {
      this.querySelector("h1").textContent = (await api.get(`/stacks/${e(stack)}`, this.signal)).name;
    }, true);
  }
}

customElements.define("rh-webhook-new", NewWebhookView);

/// The settings of a webhook: enabled or not, secret, endpoint and filters, deletion.
class WebhookEditView extends WebhookView {
  tab = "edit";

  load() {
    this.content.replaceChildren(this.sections(this.webhook));
  }

  update(webhook) {
    super.update(webhook);
    this.enabledSwitch?.update(this.webhook);
  }

  sections(webhook) {
    const isAdmin = session.may("admin");
    const list = `#/stacks/${e(webhook.stack)}/settings/integrations`;
    const result = h("p", { class: "notice info", role: "status", hidden: true });
    this.secrets = h("div", {});
    this.showSecrets(webhook);
    return h(
      "div",
      { class: "stackup narrowform" },
      h(
        "section",
        { class: "card stackup", "aria-label": "Deliveries" },
        isAdmin
          ? (this.enabledSwitch = enabledSwitch(webhook, updated => this.update(updated)))
          : h("p", {}, webhook.enabled ? "Enabled: events are delivered." : "Disabled: events are not delivered."),
        isAdmin
          ? h(
              "div",
              { class: "actions" },
              h(
                "button",
                { type: "button", onclick: () => ping(this.webhook, result, this.signal) },
                "Send test event",
              ),
              h("span", { class: "hint" }, "Sends a signed test request through the same path as real events."),
            )
          : null,
        result,
      ),
      h(
        "section",
        { class: "card stackup", "aria-label": "Secret" },
        h("h2", {}, "Secret"),
        this.secrets,
        isAdmin
          ? h(
              "div",
              { class: "actions" },
              h("button", { type: "button", onclick: () => this.rotateSecret() }, "Rotate secret"),
            )
          : null,
      ),
      isAdmin
        ? webhookForm({
            webhook,
            submit: "Save",
            cancel: h("a", { class: "button", href: list }, "Cancel"),
            send: async body => {
              this.update(await api.patch(pathOf(webhook), body));
              toast("Saved");
            },
          })
        : null,
      isAdmin
        ? h(
            "section",
            { class: "card", "aria-label": "Delete" },
            h("h2", {}, "Delete this webhook"),
            h(
              "div",
              { class: "actions" },
              h(
                "button",
                {
                  type: "button",
                  class: "danger",
                  onclick: () => askToDelete(this.webhook, () => (location.hash = list)),
                },
                "Delete webhook",
              ),
              h("span", { class: "hint" }, "This can't be undone."),
            ),
          )
        : null,
      h(
        "p",
        { class: "quiet small" },
        "Added ",
        relativeTime(webhook.createdAt),
        ", updated ",
        relativeTime(webhook.updatedAt),
        ".",
      ),
    );
  }

  rotateSecret() {
    askToRotateSecret(this.webhook, updated => {
      this.update(updated);
      this.showSecrets(updated);
    });
  }

  showSecrets(webhook) {
    const previousExpiry = webhook.previousSecretExpiresAt;
    const label = "the secret in Standard Webhooks format";
    this.secrets.replaceChildren(
      ...(webhook.warnings ?? []).map(text => h("p", { class: "notice" }, text)),
      h(
        "dl",
        { class: "facts" },
        h("dt", {}, "Signing secret"),
        h("dd", {}, hiddenSecret(webhook, "secret", "the secret")),
        h("dt", {}, "Standard Webhooks format"),
        h("dd", {}, hiddenSecret(webhook, "standardSecret", label)),
        previousExpiry
          ? [
              h("dt", {}, "Previous secret"),
              h("dd", {}, "Still used in webhook-signature; expires ", relativeTime(previousExpiry)),
            ]
          : null,
      ),
    );
  }
}

customElements.define("rh-webhook-edit", WebhookEditView);
