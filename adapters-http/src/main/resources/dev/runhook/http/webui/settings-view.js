import { h, externalLink } from "./dom.js";
import { api, e } from "./api.js";
import { View, skeleton, title, toast } from "./view.js";
import { ask } from "./dialog.js";
import { session } from "./session.js";
import { settingsNav, stackTabs } from "./stack-layout.js";

/// Settings → General: the description of a stack.
class SettingsView extends View {
  show() {
    const { stack } = this.params;
    this.content = h("section", { class: "stackup" }, skeleton());
    const layout = h("div", { class: "aside" }, settingsNav(stack, "general"), this.content);
    this.append(title(stack), stackTabs(stack, "settings"), layout);
    this.guard(() => this.load());
  }

  async load() {
    const stack = await api.get(`/stacks/${e(this.params.stack)}`, this.signal);
    this.querySelector("h1").textContent = stack.name;
    const labels = stack.labels.map(label => h("span", { class: "tag", title: label }, label));
    const facts = [
      ["Id", h("code", {}, stack.id)],
      ["Name", stack.name],
      ["Description", stack.description || "–"],
      ["Labels", labels.length ? h("span", { class: "badges" }, labels) : "–"],
      ["Repository", stack.repository ?? "–"],
      ["URL", stack.url ? externalLink(stack.url, stack.url) : "–"],
    ];
    this.content.replaceChildren(
      h(
        "div",
        { class: "card" },
        h("dl", { class: "facts" }, facts.map(([name, value]) => [h("dt", {}, name), h("dd", {}, value)])),
      ),
      h("p", { class: "quiet small" }, `Managed through the API (PUT /api/v1/stacks/${stack.id}).`),
      ...(session.may("admin") ? [this.deleteSection(stack)] : []),
    );
  }

  deleteSection(stack) {
    return h(
      "div",
      { class: "card" },
      h("h2", {}, "Delete this stack"),
      h(
        "div",
        { class: "actions" },
        h("button", { type: "button", class: "danger", onclick: () => askToDelete(stack) }, "Delete stack"),
        h("span", { class: "hint" }, "Also deletes its runs, webhooks and deliveries."),
      ),
    );
  }
}

function askToDelete(stack) {
  ask({
    title: "Delete this stack?",
    text: [
      h(
        "p",
        {},
        "This deletes all runs, webhooks and deliveries of ",
        h("b", {}, stack.name),
        ", including queued ones. This can't be undone.",
      ),
    ],
    submit: "Delete stack",
    danger: true,
    async send() {
      await api.delete(`/stacks/${e(stack.id)}`);
      toast("Stack deleted");
      location.hash = "#/";
    },
  });
}

customElements.define("rh-settings", SettingsView);
