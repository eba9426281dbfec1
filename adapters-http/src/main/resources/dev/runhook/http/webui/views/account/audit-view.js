import { html, nothing } from "lit";
import { accountLayout } from "./account-layout.js";
import { e } from "../../api/api.js";
import { ListView, choice } from "../../components/list.js";
import { t } from "../../text/messages.js";
import { listQuery } from "../../api/query.js";
import { dateAndTime } from "../../text/time.js";
import { emptyState } from "../../components/view.js";

const [timeHead, actorHead, actionHead, subjectHead] = t.audit.heads;

/** Account → Audit log: who did what. */
class AuditView extends ListView {
  address = "#/account/audit";
  fields = [
    choice("action", t.audit.action, t.audit.allActions, Object.entries(t.audit.actions)),
    { name: "actor", label: t.audit.actor },
    { name: "stack", label: t.audit.stack },
    { name: "resource", label: t.audit.resource, placeholder: t.audit.resourceId },
  ];
  columns = [
    [timeHead, ({ occurredAt }) => dateAndTime(occurredAt), "nowrap whole"],
    [actorHead, ({ actor }) => html`<div dir="auto">${actor}</div>`, "wide"],
    [actionHead, action, "wide whole"],
    [subjectHead, subject, "wide whole"],
  ];

  empty = () => emptyState(t.audit.none);

  get request() {
    return `/audit${listQuery(this.params.query)}`;
  }

  render() {
    const isLoaded = this.page || this.refusal;
    return accountLayout("audit", html`${isLoaded ? this.filter(t.audit.filter) : nothing} ${this.list()}`);
  }
}

customElements.define("rh-audit", AuditView);

/** @param {Api["AuditEvent"]} event */
function action(event) {
  const { values, ...others } = event.details;
  const changed = values?.split("\n") ?? [];
  const isShown = key => key !== "changed" || changed.length < event.details.changed.split(",").length;
  const details = Object.entries(others).filter(([key]) => isShown(key));
  return html`
    <span class="name">${t.audit.actions[event.action] ?? event.action}</span>
    ${changed.map(line => html`<span class="two" dir="auto">${line}</span>`)}
    <span class="two">${details.map(([key, value]) => pair(t.audit.details[key] ?? key, value))}</span>
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
