import { h } from "./dom.js";
import { api, e } from "./api.js";
import { View, skeleton, title } from "./view.js";
import { webhookBadge, statusNote } from "./status-badges.js";
import { session } from "./session.js";
import { tabs } from "./stack-layout.js";

/// The base of all views of a webhook: its name, status and tabs.
export class WebhookView extends View {
  revision = 0;

  show() {
    const { stack, webhook } = this.params;
    const base = `#/stacks/${e(stack)}/settings/integrations/${e(webhook)}`;
    this.heading = title("Webhook");
    this.lead = h("p", { class: "lead code" }, "\u00a0"); // reserves the space
    this.problems = h("div", { class: "problems", hidden: true });
    this.content = h("div", {}, skeleton());
    this.append(
      this.heading,
      this.lead,
      tabs(
        [
          ["Deliveries", `${base}/deliveries`, this.tab === "deliveries"],
          ["Health", `${base}/health`, this.tab === "health"],
          session.may("admin") ? ["Edit", base, this.tab === "edit"] : ["Settings", base, this.tab === "edit"],
        ],
        "Webhook",
      ),
      this.problems,
      this.content,
    );
    this.guard(async () => {
      await this.refresh();
      await this.load();
    });
    this.every(5000, () => this.refresh());
  }

  get path() {
    const { stack, webhook } = this.params;
    return `/stacks/${e(stack)}/webhooks/${e(webhook)}`;
  }

  async refresh() {
    const { revision } = this;
    const webhook = await api.get(this.path, this.signal);
    if (revision === this.revision) this.update(webhook); // otherwise, the user has changed it in the meantime
  }

  update(webhook) {
    this.revision++;
    this.webhook = webhook;
    this.querySelector("h1").textContent = webhook.name || webhook.endpoint;
    this.heading.querySelector(".actions").replaceChildren(webhookBadge(webhook));
    this.lead.textContent = webhook.name ? webhook.endpoint : "";
    this.lead.hidden = !webhook.name;
    const note = statusNote(webhook);
    this.problems.hidden = !note;
    this.problems.replaceChildren(note ?? "");
  }
}
