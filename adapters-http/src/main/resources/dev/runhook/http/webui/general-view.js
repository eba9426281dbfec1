import { h, outward } from "./dom.js";
import { api, e } from "./api.js";
import { View, ghost, title, toast } from "./view.js";
import { ask } from "./dialog.js";
import { session } from "./session.js";
import { settingsNav, stackTabs } from "./stack-frame.js";

/// Settings → General: what the stack's reporter said of it.
class GeneralView extends View {
  show() {
    const { stack } = this.params;
    this.place = h("section", { class: "stackup" }, ghost());
    this.append(title(stack), stackTabs(stack, "settings"), h("div", { class: "aside" }, settingsNav(stack, "general"), this.place));
    this.guard(() => this.load());
  }

  async load() {
    const stack = await api.get(`/stacks/${e(this.params.stack)}`, this.signal);
    this.querySelector("h1").textContent = stack.name;
    const facts = [
      ["Id", h("code", {}, stack.id)],
      ["Name", stack.name],
      ["Description", stack.description || "–"],
      ["Labels", stack.labels.length ? h("span", { class: "marks" }, stack.labels.map(label => h("span", { class: "tag", title: label }, label))) : "–"],
      ["Repository", stack.repository ?? "–"],
      ["Address", stack.url ? outward(stack.url, stack.url) : "–"],
    ];
    this.place.replaceChildren(
      h(
        "div",
        { class: "card" },
        h("dl", { class: "facts" }, facts.map(([name, value]) => [h("dt", {}, name), h("dd", {}, value)])),
      ),
      h("p", { class: "quiet small" }, "Whoever reports runs says this, by PUT /api/v1/stacks/", stack.id, "."),
      ...(session.may("admin") ? [this.end(stack)] : []),
    );
  }

  end(stack) {
    return h(
      "div",
      { class: "card" },
      h("h2", {}, "Delete this stack"),
      h(
        "div",
        { class: "actions" },
        h("button", { type: "button", class: "danger", onclick: () => askToDelete(stack) }, "Delete stack"),
        h("span", { class: "hint" }, "Its runs, webhooks and deliveries go with it."),
      ),
    );
  }
}

function askToDelete(stack) {
  ask({
    title: "Delete this stack?",
    say: [h("p", {}, h("b", {}, stack.name), " goes with all its runs, webhooks and deliveries, also those that wait to be sent. This cannot be undone.")],
    submit: "Delete stack",
    danger: true,
    async send() {
      await api.delete(`/stacks/${e(stack.id)}`);
      toast("The stack is deleted.");
      location.hash = "#/";
    },
  });
}

customElements.define("rh-general", GeneralView);
