import { html, nothing } from "lit";
import { accountLayout } from "./account-layout.js";
import { e } from "../../api/api.js";
import { choice } from "../../components/filter.js";
import { ListView, grouped } from "../../components/list.js";
import { t } from "../../text/messages.js";
import { texts } from "../../text/messages-en-account.js";
import { listQuery } from "../../api/query.js";
import { dateAndTime } from "../../text/time.js";
import { emptyState } from "../../components/view.js";

/** Redeliveries with a longer pause between them are not of one selection. */
const MAX_PAUSE_MS = 10_000;
const [timeHead, actorHead, actionHead, subjectHead] = texts.audit.heads;

/** Account → Audit log: who did what. */
class AuditView extends ListView {
  address = "#/account/audit";
  fields = [
    choice("action", texts.audit.action, Object.entries(texts.audit.actions)),
    { name: "actor", key: "actor", label: texts.audit.actor, isMain: true },
    { name: "stack", key: "stack", label: texts.audit.stack },
    { name: "resource", key: "resource", label: texts.audit.resource },
  ];
  columns = [
    [timeHead, ({ occurredAt }) => dateAndTime(occurredAt), "nowrap whole"],
    [actorHead, ({ actor }) => html`<div dir="auto">${actor}</div>`, "wide"],
    [actionHead, action, "wide whole"],
    [subjectHead, subject, "wide whole"],
  ];

  empty = () => emptyState(texts.audit.none);

  list(page = this.page) {
    return super.list(page && { ...page, items: together(page.items) });
  }

  get request() {
    return `/audit${listQuery(this.params.query)}`;
  }

  render() {
    const isLoaded = this.page || this.refusal;
    return accountLayout("audit", html`${isLoaded ? this.filter(texts.audit.filter) : nothing} ${this.list()}`);
  }
}

customElements.define("rh-audit", AuditView);

/** The redeliveries that a user has requested for a selection are one item: the latest of them, with `all`. */
export function together(events) {
  let selection = 0;
  const keyOf = (event, i) => {
    const earlier = events[i - 1];
    const isSame = earlier?.action === event.action && earlier.actor === event.actor && earlier.stack === event.stack;
    const isSoon = isSame && Date.parse(earlier.occurredAt) - Date.parse(event.occurredAt) < MAX_PAUSE_MS;
    return event.action === "DELIVERY_REDELIVERED" && isSoon ? selection : ++selection;
  };
  return grouped([...events.entries()], ([i, event]) => keyOf(event, i))
    .map(([, entries]) => ({ ...entries[0][1], all: entries.map(([, event]) => event) }));
}

/** @param {Api["AuditEvent"]} event */
function action(event) {
  const { values, changed, ...others } = event.details;
  const lines = (values?.split("\n") ?? []).map(change);
  const known = lines.map(([setting]) => setting);
  const hidden = (changed?.split(",") ?? []).filter(setting => !known.includes(setting));
  const hosts = others.previousHost && !known.includes("endpoint") ? [] : HOSTS;
  const redundant = isOfWebhook(event) ? ["name", ...hosts] : [];
  const details = Object.entries(others).filter(([key, value]) =>
    !redundant.includes(key) && !(event.action === "WEBHOOK_CREATED" && key === "enabled" && value === "true"));
  return html`
    <span class="name">${texts.audit.actions[event.action] ?? event.action}</span>
    ${lines.map(([setting, before, after]) => html`
      <span class="two">
        ${setting}: <bdi>${before}</bdi>${after === undefined ? nothing : html` → <bdi class="new">${after}</bdi>`}
      </span>
    `)}
    ${hidden.map(setting => html`<span class="two">${setting}: ${texts.audit.changed}</span>`)}
    <span class="two">${details.map(([key, value]) => pair(texts.audit.details[key] ?? key, textOf(key, value)))}</span>
  `;
}

/** Where the webhook is, which its name or its endpoint says too. */
const HOSTS = ["host", "previousHost"];

const textOf = (key, value) => (key === "overlap" ? (t.secret.overlaps[value] ?? value) : value);

/** The setting, the old and the new value of a line, or the setting and both values if an arrow is part of them. */
export function change(line) {
  const [setting, ...values] = line.split(": ");
  const parts = values.join(": ").split(" → ");
  return parts.length === 2 ? [setting, ...parts] : [setting, parts.join(" → ")];
}

const isOfWebhook = ({ action, resource }) => resource !== null && !/^(TOKEN|SESSION|DELIVERY)_/.test(action);

const pair = (key, value) => html`
  <span class="pair"><span class="quiet">${key}:</span> <bdi>${value}</bdi></span>
`;

/**
 * What the action was about, with a link if there is a view of it.
 *
 * @param {Api["AuditEvent"] & { all: Api["AuditEvent"][] }} event
 */
function subject(event) {
  const { action, stack, resource, details, all } = event;
  const toStack = stack ? html`<a href="#/stacks/${e(stack)}" dir="auto">${stack}</a>` : nothing;
  const separator = stack ? " · " : nothing;
  if (/^DELIVERY_/.test(action)) {
    const link = (id, text) => html`<a href="#/deliveries/${e(id)}">${text}</a>`;
    return html`
      ${toStack}${separator}
      ${all.length === 1
        ? link(resource, texts.audit.delivery)
        : html`
            <details>
              <summary>${texts.audit.deliveries(all.length)}</summary>
              <ul>${all.map(each => html`<li>${link(each.resource, dateAndTime(each.occurredAt))}</li>`)}</ul>
            </details>
          `}
    `;
  }
  if (!isOfWebhook(event)) return toStack;
  const name = html`<bdi>${details.name ?? texts.audit.unnamed(details.host)}</bdi>`;
  if (action === "WEBHOOK_DELETED") return html`${toStack}${separator}${name}`;
  const webhooks = stack ? `#/stacks/${e(stack)}/settings/integrations` : "#/account/webhooks";
  return html`${toStack}${separator}<a href="${webhooks}/${e(resource)}">${name}</a>`;
}
