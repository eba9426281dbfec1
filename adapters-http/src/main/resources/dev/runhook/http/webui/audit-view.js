import { html, nothing } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { AccountView } from "./account-layout.js";
import { api, e, query } from "./api.js";
import { t } from "./messages.js";
import { dateAndTime } from "./time.js";
import { emptyState, sheet } from "./view.js";

const FILTERS = ["actor", "action", "stack", "from", "to"];

/// Account → Audit log: who did what.
class AuditView extends AccountView {
  page = "audit";

  async load() {
    const { from, to, ...filter } = this.params.query;
    const range = { from: instant(from), to: instant(to) };
    this.set({ events: await api.get(`/audit${query({ ...filter, ...range, limit: 50 })}`, this.signal) });
  }

  get isLoaded() {
    return Boolean(this.events);
  }

  /// Applies the filter without leaving the view, so that the field keeps the focus.
  applyFilter(form) {
    const chosen = Object.fromEntries(new FormData(form));
    this.params.query = Object.fromEntries(FILTERS.map(name => [name, chosen[name].trim()]));
    history.replaceState(null, "", `#/account/audit${query(this.params.query)}`);
    this.guard(() => this.load());
  }

  content() {
    const { items, next } = this.events;
    const { after, ...filter } = this.params.query;
    const link = (text, parameters) => html`<a href="#/account/audit${query(parameters)}">${text}</a>`;
    return html`
      ${this.filterForm()}
      ${items.length === 0
        ? emptyState(t.audit.none)
        : sheet(t.audit.heads, repeat(items, event => event.id, row))}
      <p class="actions more">
        ${after ? link(t.newest, filter) : nothing} ${next ? link(t.older, { ...filter, after: next }) : nothing}
      </p>
    `;
  }

  filterForm() {
    const current = this.params.query;
    const input = (name, type, label) => html`
      <label>${label}<input type=${type} name=${name} autocomplete="off" value=${current[name] ?? ""}></label>
    `;
    const actions = Object.entries(t.audit.actions);
    return html`
      <form
        class="filters"
        role="search"
        aria-label=${t.audit.filter}
        @submit=${event => event.preventDefault()}
        @change=${event => this.applyFilter(event.currentTarget)}
      >
        <label>
          ${t.audit.action}
          <select name="action">
            <option value="">${t.audit.allActions}</option>
            ${actions.map(
              ([code, text]) => html`<option value=${code} ?selected=${code === current.action}>${text}</option>`,
            )}
          </select>
        </label>
        ${input("actor", "search", t.audit.actor)}
        ${input("stack", "search", t.audit.stack)}
        ${input("from", "datetime-local", t.from)}
        ${input("to", "datetime-local", t.to)}
      </form>
    `;
  }
}

customElements.define("rh-audit", AuditView);

const instant = local => (local ? new Date(local).toISOString() : "");

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

const pair = (key, value) => html`<span class="pair"><span class="quiet">${key}:</span> ${value}</span> `;

/// What the action was about, with a link if there is a view of it.
function subject({ action, stack, resource }) {
  const toStack = stack ? html`<a href="#/stacks/${e(stack)}" dir="auto">${stack}</a>` : nothing;
  if (!resource || action === "WEBHOOK_DELETED") return toStack;
  if (/^(TOKEN|SESSION)_/.test(action)) return nothing;
  const [address, text] = /^DELIVERY_/.test(action)
    ? [`#/deliveries/${e(resource)}`, t.audit.delivery]
    : [`#/stacks/${e(stack)}/settings/integrations/${e(resource)}`, t.audit.webhook];
  return html`${toStack} · <a href=${address}>${text}</a>`;
}
