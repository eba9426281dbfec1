import { h } from "./dom.js";
import { api, e } from "./api.js";
import { View, title, toast } from "./view.js";
import { session } from "./session.js";
import { secret } from "./copy.js";
import { when } from "./time.js";
import { settingsNav, stackTabs } from "./stack-frame.js";
import { webhookForm } from "./webhook-form.js";
import { WebhookView } from "./webhook-frame.js";
import { added, askToDelete, askToRegenerate, enabledToggle, pathOf, ping } from "./webhook-actions.js";

/// Add webhook.
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
                  added.id = (await api.post(`/stacks/${e(stack)}/webhooks`, body)).id;
                  toast("The webhook is added.");
                  location.hash = list;
                },
              })
            : h("p", { class: "notice" }, "This needs a token with the role admin."),
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

/// Edit: the switch, the settings, the secret, and the end of a webhook.
class WebhookEditView extends WebhookView {
  tab = "edit";

  load() {
    this.place.replaceChildren(this.parts(this.webhook));
  }

  tell(webhook) {
    super.tell(webhook);
    this.toggle?.follow(this.webhook);
  }

  parts(webhook) {
    const may = session.may("admin");
    const list = `#/stacks/${e(webhook.stack)}/settings/integrations`;
    const result = h("p", { class: "notice info", role: "status", hidden: true });
    this.secrets = h("div", {});
    this.tellSecrets(webhook);
    return h(
      "div",
      { class: "stackup narrowform" },
      h(
        "section",
        { class: "card stackup", "aria-label": "Deliveries" },
        may
          ? (this.toggle = enabledToggle(webhook, now => this.tell(now)))
          : h("p", {}, webhook.enabled ? "Enabled: what happens is delivered." : "Disabled: nothing is delivered."),
        may
          ? h(
              "div",
              { class: "actions" },
              h("button", { type: "button", onclick: () => ping(this.webhook, result, this.signal) }, "Send a ping"),
              h("span", { class: "hint" }, "A signed request by the very way of real events."),
            )
          : null,
        result,
      ),
      h(
        "section",
        { class: "card stackup", "aria-label": "Secret" },
        h("h2", {}, "Secret"),
        this.secrets,
        may
          ? h(
              "div",
              { class: "actions" },
              h("button", { type: "button", onclick: () => askToRegenerate(this.webhook, now => (this.tell(now), this.tellSecrets(now))) }, "Regenerate secret"),
            )
          : null,
      ),
      may
        ? webhookForm({
            webhook,
            submit: "Save",
            cancel: h("a", { class: "button", href: list }, "Cancel"),
            send: async body => {
              this.tell(await api.patch(pathOf(webhook), body));
              toast("Saved.");
            },
          })
        : null,
      may
        ? h(
            "section",
            { class: "card", "aria-label": "Delete" },
            h("h2", {}, "Delete this webhook"),
            h(
              "div",
              { class: "actions" },
              h("button", { type: "button", class: "danger", onclick: () => askToDelete(this.webhook, () => (location.hash = list)) }, "Delete webhook"),
              h("span", { class: "hint" }, "This cannot be undone."),
            ),
          )
        : null,
      h("p", { class: "quiet small" }, "Added ", when(webhook.createdAt), ", changed ", when(webhook.updatedAt), "."),
    );
  }

  tellSecrets(webhook) {
    const previous = webhook.previousSecret;
    this.secrets.replaceChildren(
      h(
        "dl",
        { class: "facts" },
        h("dt", {}, "As it is typed"),
        h("dd", {}, secret(webhook, each => each.secret, "the secret")),
        h("dt", {}, "For Standard Webhooks"),
        h("dd", {}, secret(webhook, each => each.standardSecret, "the secret for Standard Webhooks libraries")),
        previous ? [h("dt", {}, "The old one"), h("dd", {}, secret(webhook, each => each.previousSecret?.secret, "the old secret"), h("p", { class: "hint" }, "signs along in webhook-signature until ", when(previous.expiresAt)))] : null,
      ),
    );
  }
}

customElements.define("rh-webhook-edit", WebhookEditView);
