import { h, sync } from "./dom.js";
import { api, e, query } from "./api.js";
import { View, skeleton, title } from "./view.js";
import { webhookBadge, statusNote } from "./status-badges.js";
import { curlExample, hiddenSecret } from "./clipboard.js";
import { session } from "./session.js";
import { settingsNav, stackTabs } from "./stack-layout.js";
import { added, enabledSwitch } from "./webhook-actions.js";

/// Settings → Integrations: the webhooks of a stack.
class IntegrationsView extends View {
  show() {
    const { stack } = this.params;
    const base = `#/stacks/${e(stack)}/settings/integrations`;
    const add = session.may("admin") ? h("a", { class: "button primary", href: `${base}/new` }, "Add webhook") : null;
    this.content = h("div", {}, skeleton());
    this.append(
      title(stack),
      stackTabs(stack, "settings"),
      h(
        "div",
        { class: "aside" },
        settingsNav(stack, "integrations"),
        h(
          "section",
          { "aria-labelledby": "integrations" },
          h(
            "div",
            { class: "title" },
            h("h2", { id: "integrations" }, "Integrations"),
            h("div", { class: "actions" }, add),
          ),
          h(
            "p",
            { class: "lead" },
            "Webhooks send a signed POST request whenever a run on this stack changes state. ",
            "Delivery is at least once, and in order within a run.",
          ),
          this.content,
        ),
      ),
    );
    this.guard(() => this.load());
    this.every(5000, () => this.load());
  }

  async load() {
    const { stack } = this.params;
    const [details, page] = await Promise.all([
      this.stack ?? api.get(`/stacks/${e(stack)}`, this.signal),
      api.get(`/stacks/${e(stack)}/webhooks${query({ limit: 200 })}`, this.signal),
    ]);
    this.stack = details;
    this.querySelector("h1").textContent = details.name;
    if (page.items.length === 0) {
      this.list = null;
      this.content.replaceChildren(this.emptyState());
      return;
    }
    if (!this.list) {
      this.list = h("ul", { class: "stackup" });
      this.content.replaceChildren(this.list);
    }
    sync(this.list, page.items, webhook => webhook.id, webhook => this.item(webhook));
    const newItem = added.id && [...this.list.children].find(item => item.dataset.key === added.id);
    newItem?.classList.add("fresh");
    newItem?.scrollIntoView({ block: "nearest" });
    added.id = null;
  }

  item(webhook) {
    const base = `#/stacks/${e(webhook.stack)}/settings/integrations/${e(webhook.id)}`;
    const name = webhook.name || webhook.endpoint;
    const isAdmin = session.may("admin");
    const filters = [...webhook.states, ...webhook.types].map(filter => h("span", { class: "tag" }, filter));
    return h(
      "li",
      { class: "card webhook" },
      h(
        "div",
        { class: "title" },
        h(
          "div",
          {},
          h("h3", { class: "name" }, h("a", { href: `${base}/deliveries` }, name)),
          webhook.name ? h("p", { class: "code quiet" }, webhook.endpoint) : null,
        ),
        h(
          "div",
          { class: "actions" },
          webhookBadge(webhook),
          h(
            "a",
            { class: "button small", href: `${base}/deliveries`, "aria-label": `Deliveries of ${name}` },
            "Deliveries",
          ),
          isAdmin ? h("a", { class: "button small", href: base, "aria-label": `Edit ${name}` }, "Edit") : null,
        ),
      ),
      statusNote(webhook, "small"),
      isAdmin ? enabledSwitch(webhook, () => this.load()) : null,
      h(
        "dl",
        { class: "facts small" },
        h("dt", {}, "Events"),
        h("dd", {}, filters.length ? h("span", { class: "badges" }, filters) : "All run states"),
        h("dt", {}, "Secret"),
        h("dd", {}, hiddenSecret(webhook, "secret", "the secret")),
      ),
    );
  }

  emptyState() {
    const path = `/stacks/${e(this.params.stack)}/webhooks`;
    return h(
      "div",
      { class: "empty" },
      h("h2", {}, "No webhooks yet"),
      session.may("admin")
        ? [
            h("p", {}, "Add one above, or with the API:"),
            curlExample("POST", path, { endpoint: "https://example.com/hooks" }),
          ]
        : h("p", {}, "Ask an admin to add a webhook."),
    );
  }
}

customElements.define("rh-integrations", IntegrationsView);
