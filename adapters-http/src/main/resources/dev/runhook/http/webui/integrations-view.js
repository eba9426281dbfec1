import { h, sync } from "./dom.js";
import { api, e, query } from "./api.js";
import { View, ghost, title } from "./view.js";
import { healthMark, standingNote } from "./marks.js";
import { curl, secret } from "./copy.js";
import { session } from "./session.js";
import { settingsNav, stackTabs } from "./stack-frame.js";
import { added, enabledToggle } from "./webhook-actions.js";

/// Settings → Integrations: the webhooks of a stack.
class IntegrationsView extends View {
  show() {
    const { stack } = this.params;
    const base = `#/stacks/${e(stack)}/settings/integrations`;
    const add = session.may("admin") ? h("a", { class: "button primary", href: `${base}/new` }, "Add webhook") : null;
    this.place = h("div", {}, ghost());
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
          h("div", { class: "title" }, h("h2", { id: "integrations" }, "Integrations"), h("div", { class: "actions" }, add)),
          h("p", { class: "lead" }, "Each webhook hears of every run on this stack that changes its state: a signed request to its endpoint, at least once, in order for each run."),
          this.place,
        ),
      ),
    );
    this.guard(() => this.load());
    this.every(5000, () => this.load());
  }

  async load() {
    const { stack } = this.params;
    const [known, page] = await Promise.all([
      this.stack ?? api.get(`/stacks/${e(stack)}`, this.signal),
      api.get(`/stacks/${e(stack)}/webhooks${query({ limit: 200, secrets: false })}`, this.signal),
    ]);
    this.stack = known;
    this.querySelector("h1").textContent = known.name;
    if (page.items.length === 0) {
      this.list = null;
      this.place.replaceChildren(this.nothingYet());
      return;
    }
    if (!this.list) {
      this.list = h("ul", { class: "stackup" });
      this.place.replaceChildren(this.list);
    }
    sync(this.list, page.items, webhook => webhook.id, webhook => this.item(webhook));
    const fresh = added.id && [...this.list.children].find(item => item.dataset.key === added.id);
    fresh?.classList.add("fresh");
    fresh?.scrollIntoView({ block: "nearest" });
    added.id = null;
  }

  item(webhook) {
    const base = `#/stacks/${e(webhook.stack)}/settings/integrations/${e(webhook.id)}`;
    const may = session.may("admin");
    const wants = [...webhook.states, ...webhook.types];
    return h(
      "li",
      { class: "card webhook" },
      h(
        "div",
        { class: "title" },
        h(
          "div",
          {},
          h("h3", { class: "name" }, h("a", { href: `${base}/deliveries` }, webhook.name || webhook.endpoint)),
          webhook.name ? h("p", { class: "code quiet" }, webhook.endpoint) : null,
        ),
        h(
          "div",
          { class: "actions" },
          healthMark(webhook),
          h("a", { class: "button small", href: `${base}/deliveries`, "aria-label": `Deliveries of ${webhook.name || webhook.endpoint}` }, "Deliveries"),
          may ? h("a", { class: "button small", href: base, "aria-label": `Edit ${webhook.name || webhook.endpoint}` }, "Edit") : null,
        ),
      ),
      standingNote(webhook, "small"),
      may ? enabledToggle(webhook, () => this.load()) : null,
      h(
        "dl",
        { class: "facts small" },
        h("dt", {}, "Hears of"),
        h("dd", {}, wants.length ? h("span", { class: "marks" }, wants.map(word => h("span", { class: "tag" }, word))) : "every state of every run"),
        h("dt", {}, "Secret"),
        h("dd", {}, secret(webhook, each => each.secret, "the secret")),
      ),
    );
  }

  nothingYet() {
    const path = `/stacks/${e(this.params.stack)}/webhooks`;
    return h(
      "div",
      { class: "empty" },
      h("h2", {}, "No webhooks yet"),
      session.may("admin")
        ? [h("p", {}, "Press Add webhook above, or let a script do it:"), curl("POST", path, { endpoint: "https://example.com/hooks" })]
        : h("p", {}, "An admin can add one; you may look."),
    );
  }
}

customElements.define("rh-integrations", IntegrationsView);
