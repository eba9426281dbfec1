import { html, nothing } from "lit";
import { api, e, query } from "../../api/api.js";
import { nameOf } from "../../api/names.js";
import { session } from "../../api/session.js";
import { View, skeleton, title } from "../../components/view.js";
import { t } from "../../text/messages.js";
import { relativeTime } from "../../text/time.js";

/**
 * A webhook that was deleted: who did that, and what it received. If there is no trace of such a webhook, it shows its
 * `problem`.
 */
class DeletedWebhookView extends View {
  start() {
    this.reload();
  }

  async receive() {
    const { stack, webhook } = this.params;
    const first = async (path, filter) =>
      (await api.get(path + query({ ...filter, stack, limit: 1 }), this.signal)).items[0] ?? null;
    const [deletion, delivery] = await Promise.all([
      session.may("admin") ? first("/audit", { resource: webhook, action: "WEBHOOK_DELETED" }) : null,
      first("/deliveries", { webhook }),
    ]);
    if (!deletion && !delivery) throw this.problem;
    return { deletion, delivery };
  }

  render() {
    const { deletion, delivery, params: { stack, webhook } } = this;
    if (deletion === undefined) return skeleton();
    return html`
      ${title(nameOf(webhook) ?? t.delivery.deletedWebhook)}
      <p class="notice">
        ${deletion ? t.webhook.deletedBy(deletion.actor, relativeTime(deletion.occurredAt)) : t.webhook.wasDeleted}
      </p>
      <p class="actions">
        ${delivery ? html`<a class="button" href="#/deliveries${query({ webhook })}">${t.deliveries}</a>` : nothing}
        <a class="button" href="#/stacks/${e(stack)}/settings/integrations">${t.nav.integrations}</a>
      </p>
    `;
  }
}

customElements.define("rh-deleted-webhook", DeletedWebhookView);
