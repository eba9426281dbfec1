import { html, nothing } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { AccountView } from "./account-layout.js";
import { api, e, query } from "../../api/api.js";
import { copyButton } from "../../components/clipboard.js";
import { ask } from "../../components/dialog.js";
import { pageLinks } from "../../components/filter.js";
import { t } from "../../text/messages.js";
import { badge } from "../../components/status-badges.js";
import { relativeTime } from "../../text/time.js";
import { emptyState, sheet, toast } from "../../components/view.js";

const DAY = 86_400_000;
const HEADS = [t.tokens.name, t.tokens.role, t.tokens.status, t.tokens.lastUsed, t.tokens.created, ["", "num"]];

/** Account → Tokens: creates, renames and revokes tokens. */
class TokensView extends AccountView {
  page = "tokens";

  async load() {
    const { after } = this.params.query;
    this.set({ tokens: await api.get(`/tokens${query({ limit: 100, after })}`, this.signal) });
  }

  get isLoaded() {
    return Boolean(this.tokens);
  }

  actions() {
    return html`
      <button type="button" class="primary" @click=${() => this.askToCreate()}>${t.tokens.create}</button>
    `;
  }

  content() {
    const { items, next } = this.tokens;
    if (items.length === 0) return emptyState(t.tokens.none);
    return html`
      ${sheet(HEADS, repeat(items, token => token.id, token => this.row(token)))}
      ${pageLinks("#/account/tokens", this.params.query, next)}
    `;
  }

  /** @param {Api["Token"]} token */
  row(token) {
    const [kind, status, isValid] = statusOf(token);
    const button = (text, action) => html`
      <button type="button" class="small" aria-label="${text}: ${token.name}" @click=${action}>${text}</button>
    `;
    return html`
      <tr class=${isValid ? "" : "quiet"}>
        <td class="wide whole">
          <span class="name" dir="auto">${token.name}</span>
          <span class="two">${token.stacks ? t.tokens.limited(token.stacks.join(", ")) : t.tokens.allStacks}</span>
        </td>
        <td>${t.tokens.roles[token.role]}</td>
        <td>${badge(kind, status)}${isValid ? this.expiry(token) : nothing}</td>
        <td data-label=${t.tokens.lastUsed}>${token.lastUsedAt ? relativeTime(token.lastUsedAt) : t.never}</td>
        <td data-label=${t.tokens.created}>
          ${relativeTime(token.createdAt)}
          <span class="two" dir="auto">${t.tokens.createdBy(token.createdBy)}</span>
        </td>
        <td class="num whole">
          <span class="actions">
            ${isValid ? button(t.tokens.rename, () => this.askToRename(token)) : nothing}
            ${isValid ? button(t.tokens.revoke, () => this.askToRevoke(token)) : nothing}
          </span>
        </td>
      </tr>
    `;
  }

  expiry({ expiresAt }) {
    return html`<span class="two">${expiresAt ? t.tokens.expires(relativeTime(expiresAt)) : t.tokens.noExpiry}</span>`;
  }

  askToCreate() {
    return ask({
      title: t.tokens.create,
      values: { name: "", role: "writer", stacks: "", expiresAt: "90" },
      content: form => html`
        ${form.text({ name: "name", label: t.tokens.name, hint: t.tokens.nameHint, required: true })}
        ${form.select({ name: "role", label: t.tokens.role, options: Object.entries(t.tokens.roleOptions) })}
        ${form.text({ name: "stacks", label: t.tokens.stacks, hint: t.tokens.stacksHint })}
        ${form.select({ name: "expiresAt", label: t.tokens.expiresAt, options: Object.entries(t.tokens.expiries) })}
      `,
      submit: t.tokens.create,
      send: async values => {
        const { token } = await api.post("/tokens", bodyOf(values));
        await this.load();
        return html`
          <p class="notice">${t.tokens.shownOnce}</p>
          <div class="curl"><pre class="token">${token}</pre>${copyButton(token, t.tokens.copy)}</div>
        `;
      },
    });
  }

  askToRename(token) {
    return ask({
      title: t.tokens.renameTitle,
      values: { name: token.name },
      content: form => form.text({ name: "name", label: t.tokens.name, required: true }),
      submit: t.tokens.rename,
      send: async ({ name }) => {
        await api.patch(`/tokens/${e(token.id)}`, { name });
        await this.load();
      },
    });
  }

  askToRevoke(token) {
    return ask({
      title: t.tokens.revokeTitle,
      text: html`<p>${t.tokens.revokeText(html`<b dir="auto">${token.name}</b>`)}</p>`,
      submit: t.tokens.revokeSubmit,
      danger: true,
      send: async () => {
        await api.delete(`/tokens/${e(token.id)}`);
        toast(t.tokens.revoked);
        await this.load();
      },
    });
  }
}

customElements.define("rh-tokens", TokensView);

/** @param {Api["Token"]} token */
function statusOf({ revokedAt, expiresAt }) {
  if (revokedAt) return ["idle", t.tokens.isRevoked, false];
  if (expiresAt && Date.parse(expiresAt) <= Date.now()) return ["idle", t.tokens.isExpired, false];
  return ["good", t.tokens.isActive, true];
}

/** @returns {Api["TokenInput"]} */
function bodyOf({ name, role, stacks, expiresAt }) {
  const ids = stacks.split(",").map(id => id.trim()).filter(Boolean);
  return {
    name,
    role,
    stacks: ids.length > 0 ? ids : null,
    expiresAt: expiresAt ? new Date(Date.now() + Number(expiresAt) * DAY).toISOString() : null,
  };
}
