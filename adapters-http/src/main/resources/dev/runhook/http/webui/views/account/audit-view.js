import { html, nothing } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { AccountView } from "./account-layout.js";
import { api, e, query } from "../../api/api.js";
import { choice, filterForm, pageLinks } from "../../components/filter.js";
import { t } from "../../text/messages.js";
import { listQuery } from "../../api/query.js";
import { dateAndTime } from "../../text/time.js";
import { emptyState, sheet } from "../../components/view.js";

const PATH = "#/account/audit";

/** Account → Audit log: who did what. */
class AuditView extends AccountView {
  page = "audit";

  async load() {
    const current = this.params.query;
    const events = await api.get(`/audit${listQuery(current)}`, this.signal);
    if (current === this.params.query) this.set({ events });
  }

  get isLoaded() {
    return Boolean(this.events);
  }

  /** Applies the filter without leaving the view, so that the field keeps the focus. */
  applyFilter(filter) {
    this.params.query = filter;
    history.replaceState(history.state, "", PATH + query(filter));
    this.guard(() => this.load());
  }

  content() {
    const { items, next } = this.events;
    const fields = [
      choice("action", t.audit.action, t.audit.allActions, Object.entries(t.audit.actions)),
      { name: "actor", label: t.audit.actor },
      { name: "stack", label: t.audit.stack },
      { name: "resource", label: t.audit.resource, placeholder: t.audit.resourceId },
    ];
    return html`
      ${filterForm(t.audit.filter, fields, this.params.query, filter => this.applyFilter(filter))}
      ${items.length === 0
        ? emptyState(t.audit.none)
        : sheet(t.audit.heads, repeat(items, event => event.id, row))}
      ${pageLinks(PATH, this.params.query, next)}
    `;
  }
}

customElements.define("rh-audit", AuditView);

/** @param {Api["AuditEvent"]} event */
function row(event) {
  const details = Object.entries(event.details);
  return html`
    <tr>
      <td class="nowrap whole">${dateAndTime(event.occurredAt)}</td>
      <td class="wide" dir="auto">${event.actor}</td>
      <td class="wide whole">
        <span class="name">${t.audit.actions[event.action] ?? event.action}</span>
        <span class="two">${details.map(([key, value]) => pair(t.audit.details[key] ?? key, value))}</span>
      </td>
      <td class="wide whole">${subject(event)}</td>
    </tr>
  `;
}

const pair = (key, value) => html`
  <span class="pair"><span class="quiet">${key}:</span> <bdi>${value}</bdi></span>
`;

/**
 * What the action was about, with a link if there is a view of it.
 *
 * @param {Api["AuditEvent"]} event
 */
function subject({ action, stack, resource }) {
  const toStack = stack ? html`<a href="#/stacks/${e(stack)}" dir="auto">${stack}</a>` : nothing;
  if (!resource || action === "WEBHOOK_DELETED") return toStack;
  if (/^(TOKEN|SESSION)_/.test(action)) return nothing;
  const webhooks = stack ? `#/stacks/${e(stack)}/settings/integrations` : "#/account/webhooks";
  const [address, text] = /^DELIVERY_/.test(action)
    ? [`#/deliveries/${e(resource)}`, t.audit.delivery]
    : [`${webhooks}/${e(resource)}`, t.audit.webhook];
  return html`${toStack}${stack ? " · " : nothing}<a href=${address}>${text}</a>`;
}
