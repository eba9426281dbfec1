import { h } from "./dom.js";
import { api, e, query } from "./api.js";
import { View, ghost, title } from "./view.js";
import { healthMark, standingNote } from "./marks.js";
import { session } from "./session.js";
import { tabs } from "./stack-frame.js";

/// What the views of one webhook have in common: its name, how it does, and its tabs.
export class WebhookView extends View {
  turn = 0;

  show() {
    const { stack, webhook } = this.params;
    const base = `#/stacks/${e(stack)}/settings/integrations/${e(webhook)}`;
    this.heading = title("Webhook");
    this.lead = h("p", { class: "lead code" }, "\u00a0"); // has its place from the start
    this.trouble = h("div", { class: "trouble", hidden: true });
    this.place = h("div", {}, ghost());
    this.append(
      this.heading,
      this.lead,
      tabs(
        [
          ["Deliveries", `${base}/deliveries`, this.tab === "deliveries"],
          ["Health", `${base}/health`, this.tab === "health"],
          session.may("admin") ? ["Edit", base, this.tab === "edit"] : ["Settings", base, this.tab === "edit"],
        ],
        "Parts of the webhook",
      ),
      this.trouble,
      this.place,
    );
    this.guard(async () => {
      await this.find();
      await this.load();
    });
    this.every(5000, () => this.find());
  }

  get path() {
    const { stack, webhook } = this.params;
    return `/stacks/${e(stack)}/webhooks/${e(webhook)}`;
  }

  async find() {
    const { turn } = this;
    const webhook = await api.get(this.path + query({ secrets: false }), this.signal);
    if (turn === this.turn) this.tell(webhook); // or else it was changed here since it was asked for
  }

  tell(webhook) {
    this.turn++;
    this.webhook = webhook;
    this.querySelector("h1").textContent = webhook.name || webhook.endpoint;
    this.heading.querySelector(".actions").replaceChildren(healthMark(webhook));
    this.lead.textContent = webhook.name ? webhook.endpoint : "";
    this.lead.hidden = !webhook.name;
    const note = standingNote(webhook);
    this.trouble.hidden = !note;
    this.trouble.replaceChildren(note ?? "");
  }
}
