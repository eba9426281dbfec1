import { h } from "./dom.js";
import { api, e } from "./api.js";
import { View, ghost, title } from "./view.js";

/// All stacks that the token may see.
class StacksView extends View {
  show() {
    this.append(title("Stacks"), ghost());
    this.guard(() => this.load());
  }

  async load() {
    const page = await api.get("/stacks", this.signal);
    this.lastElementChild.replaceWith(
      h("ul", { class: "card" }, page.items.map(stack => h("li", {}, h("a", { href: `#/stacks/${e(stack.id)}` }, stack.name)))),
    );
  }
}

customElements.define("rh-stacks", StacksView);
