import { html, nothing } from "lit";
import { api, e, query } from "../../api/api.js";
import { View, createView, replaceView, skeleton, title } from "../../components/view.js";
import { webhookBadge } from "../../components/status-badges.js";
import { learnName, learnStack } from "../../api/names.js";
import { healthNotice, mayChange, nameOf, secretButton } from "../../components/webhook-actions.js";
import { t } from "../../text/messages.js";
import { tabs } from "../stack/stack-layout.js";

const auditLink = ({ id }) => html`
  <a class="button small" href="#/account/audit${query({ resource: id })}" aria-label=${t.webhook.activity}>
    ${t.account.audit}
  </a>
`;

/**
 * The base of all views of a webhook: its name, status and tabs. Subclasses implement `content()`, which renders it, and
 * may implement `begin()`, which runs when it is known. If `isEarly` is set, the content also renders before the
 * webhook is known, to request its data. It stays hidden until then, because the status above it would move it.
 */
export class WebhookView extends View {
  isEarly = false;

  async begin() {}

  start() {
    this.guard(async () => {
      if (this.isEarly) await this.updateComplete; // the content is requested first
      const { stack } = this.params;
      await Promise.all([this.load(), learnStack(stack, this.signal)]);
      await this.begin();
    });
    this.every(this.interval, () => this.load());
  }

  get path() {
    const { stack, webhook } = this.params;
    return `/stacks/${e(stack)}/webhooks/${e(webhook)}`;
  }

  get base() {
    const { stack, webhook } = this.params;
    return `#/stacks/${e(stack)}/settings/integrations/${e(webhook)}`;
  }

  async receive() {
    const webhook = await api.get(this.path, this.signal);
    learnName(webhook.id, nameOf(webhook));
    return { webhook };
  }

  /** A webhook that does not exist may have been deleted. */
  showError(problem) {
    if (problem.status !== 404) return super.showError(problem);
    import("./deleted-webhook-view.js").then(() => {
      const view = createView("rh-deleted-webhook", this.params);
      if (this.isConnected) replaceView(this, Object.assign(view, { problem }));
    });
  }

  /** Shows a change that the user has made outside of the content. */
  changeElsewhere(webhook) {
    this.change(webhook);
  }

  change(webhook) {
    this.revision++;
    learnName(webhook.id, nameOf(webhook));
    this.set({ webhook });
  }

  render() {
    const { webhook, base, tab } = this;
    // a space reserves the place of the endpoint
    const lead = webhook ? webhook.name && webhook.endpoint : "\u00a0";
    const onChange = updated => this.changeElsewhere(updated);
    const notice = webhook ? healthNotice(webhook, onChange) : nothing;
    const actions = webhook
      ? html`${webhookBadge(webhook)} ${mayChange(webhook) ? [auditLink(webhook), secretButton(webhook, onChange)] : nothing}`
      : nothing;
    return html`
      ${tabs(
        [
          [t.deliveries, `${base}/deliveries`, tab === "deliveries"],
          [t.nav.health, `${base}/health`, tab === "health"],
          [t.receiver.title, `${base}/receiver`, tab === "receiver"],
          [t.settings, base, tab === "edit", "e"],
        ],
        t.nav.webhook,
      )}
      ${title(webhook ? nameOf(webhook) : t.nav.webhook, actions)}
      ${lead ? html`<p class="lead code">${lead}</p>` : nothing}
      ${notice === nothing ? nothing : html`<div class="problems">${notice}</div>`}
      <div ?hidden=${!webhook}>${webhook || this.isEarly ? this.content(webhook) : nothing}</div>
      ${webhook ? nothing : skeleton()}
    `;
  }
}
