import { html, nothing } from "lit";
import { e, fetchPages } from "../../api/api.js";
import { curlExample } from "../../components/clipboard.js";
import { runAddress } from "../../components/run-link.js";
import { t } from "../../text/messages.js";
import { session } from "../../api/session.js";
import { View, emptyState, title } from "../../components/view.js";
import { WebhookView } from "./webhook-layout.js";
import { nameOf, resultNotice, sendTestEvent } from "../../components/webhook-actions.js";
import "../../components/delivery/delivery-list.js";

const MAX_PAGES = 10;

/** The list is shown without it. */
const replays = () => import("../../components/replay.js");

/** The deliveries of a webhook. */
class DeliveriesView extends WebhookView {
  tab = "deliveries";
  isEarly = true;

  show = result => this.set({ result });

  async begin() {
    const { showUnfinishedReplay } = await replays();
    return showUnfinishedReplay(this.webhook, this.show, this.signal);
  }

  content(webhook) {
    const button = (text, onClick) => html`<button type="button" @click=${onClick}>${text}</button>`;
    const actions = html`
      ${webhook?.enabled
        ? button(t.test.send, () => sendTestEvent(this.webhook, "", this.show, this.signal))
        : nothing}
      ${button(t.deliveryList.resendMany, async () => {
        const { askToReplay } = await replays();
        askToReplay(this.webhook, this.show, this.signal, this.params.query);
      })}
      ${webhook?.pendingDeliveries > 0
        ? button(t.deliveryList.cancelMany, async () => {
            const { askToCancelMany } = await replays();
            askToCancelMany(this.webhook, this.show, this.params.query);
          })
        : nothing}
    `;
    return html`
      ${resultNotice(this.result)}
      <rh-delivery-list
        .path="${this.path}/deliveries"
        .stats="${this.path}/stats"
        .address="${this.base}/deliveries"
        .params=${this.params}
        .ofWebhook=${true}
        .actions=${session.may("admin") && webhook ? actions : nothing}
        .none=${this.emptyState(webhook)}
      ></rh-delivery-list>
      <p class="quiet small more">
        ${t.deliveryList.missing(html`<a href=${this.runHref}>${t.deliveryList.itsRun}</a>`)}
      </p>
    `;
  }

  /** The run of the filter, or all runs of the stack. */
  get runHref() {
    const { stack, query: { run } } = this.params;
    return run ? runAddress(stack, run) : `#/stacks/${e(stack)}/runs`;
  }

  emptyState(webhook) {
    const run = { branch: "main", commit: { hash: "0ee3f1c" } };
    return emptyState(
      t.deliveryList.empty,
      html`<p>${webhook?.enabled !== false ? t.deliveryList.emptyText : t.deliveryList.emptyDisabled}</p>`,
      curlExample("POST", `/stacks/${e(this.params.stack)}/runs`, run),
    );
  }
}

customElements.define("rh-deliveries", DeliveriesView);

/** The deliveries of all stacks that the user can see. */
class AllDeliveriesView extends View {
  start() {
    this.guard(async () => {
      await this.updateComplete; // the list is requested first
      const { items } = await fetchPages("/webhooks", {}, MAX_PAGES, this.signal);
      this.set({ names: new Map(items.map(webhook => [webhook.id, nameOf(webhook)])) });
    });
  }

  render() {
    return html`
      ${title(t.deliveries)}
      ${resultNotice(this.result)}
      <rh-delivery-list
        .path=${"/deliveries"}
        .stats=${"/stats"}
        .address=${"#/deliveries"}
        .params=${this.params}
        .names=${this.names}
        .actions=${session.may("admin") && !this.params.query.webhook ? actionsOfAll(this) : nothing}
        .none=${emptyState(t.deliveryList.empty, html`<p>${t.deliveryList.emptyAll}</p>`)}
      ></rh-delivery-list>
    `;
  }
}

/** Resends or cancels deliveries of all webhooks. */
function actionsOfAll(view) {
  const show = result => view.set({ result });
  const resend = async () => (await replays()).askToReplay(null, show, view.signal, view.params.query);
  const cancel = async () => (await replays()).askToCancelMany(null, show, view.params.query);
  return html`
    <button type="button" @click=${resend}>${t.deliveryList.resendMany}</button>
    <button type="button" @click=${cancel}>${t.deliveryList.cancelMany}</button>
  `;
}

customElements.define("rh-all-deliveries", AllDeliveriesView);
