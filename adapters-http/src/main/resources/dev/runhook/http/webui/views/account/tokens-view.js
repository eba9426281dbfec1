import { html, nothing } from "lit";
import { accountLayout } from "./account-layout.js";
import { Problem, api, e, query } from "../../api/api.js";
import { now } from "../../api/clock.js";
import { session } from "../../api/session.js";
import { copyButton } from "../../components/clipboard.js";
import { ask } from "../../components/dialog.js";
import { ListView, labeled } from "../../components/list.js";
import { t } from "../../text/messages.js";
import { texts } from "../../text/messages-en-account.js";
import { link } from "../../text/messages-en-sign-in.js";
import { badge } from "../../components/status-badges.js";
import { futureTime, relativeTime } from "../../text/time.js";
import { attempt, emptyState, toast } from "../../components/view.js";

const DAY = 86_400_000;
const MAX_SUGGESTED = 50;
const TOKEN = { title: t.tokens.create, nameHint: texts.tokens.nameHint, role: "writer", signInLink: "" };
const INVITATION = { title: link.invite, nameHint: link.nameHint, role: "reader", signInLink: "24h" };

/** Account → Tokens: creates, renames and revokes tokens. */
class TokensView extends ListView {
  address = "#/account/tokens";
  columns = [
    [texts.tokens.name, name, "wide whole"],
    [t.tokens.role, ({ role }) => t.tokens.roles[role]],
    [texts.tokens.status, status],
    labeled(texts.tokens.lastUsed, ({ lastUsedAt }) => (lastUsedAt ? relativeTime(lastUsedAt) : t.never)),
    labeled(texts.tokens.created, creation),
    ["", token => this.actions(token), "num whole"],
  ];

  empty = () => emptyState(texts.tokens.none);

  styleOf = token => (isValid(token) ? "" : "quiet");

  get request() {
    return `/tokens${query({ limit: 100, after: this.params.query.after })}`;
  }

  render() {
    return accountLayout("tokens", this.list(), html`
      ${session.isOfHost
        ? nothing
        : html`<button type="button" @click=${() => this.askToCreate(INVITATION)}>${link.invite}</button>`}
      <button type="button" class="primary" @click=${() => this.askToCreate(TOKEN)}>${t.tokens.create}</button>
    `);
  }

  /** @param {Api["Token"]} token */
  actions(token) {
    const button = (text, action) => html`
      <button type="button" class="small" aria-label="${text}: ${token.name}" @click=${action}>${text}</button>
    `;
    return html`
      <span class="actions">
        ${isValid(token)
          ? [
              button(texts.tokens.rename, () => this.askToRename(token)),
              button(texts.tokens.revoke, () => this.askToRevoke(token)),
            ]
          : nothing}
      </span>
    `;
  }

  /** @param {typeof TOKEN} kind what is created: a token for a program, or a link for a person */
  async askToCreate({ title, nameHint, role, signInLink }) {
    let typed = null;
    let suggestions = [];
    const suggest = async form => {
      if (form.values.stacks === typed) return;
      typed = form.values.stacks;
      const found = await attempt(() => findStacks(typed, this.signal));
      if (!found || typed !== form.values.stacks) return;
      suggestions = found;
      form.requestUpdate();
    };
    const dialog = await ask({
      title,
      values: { name: "", role, stacks: "", expiresAt: "90", signInLink },
      content: form => html`
        ${form.text({ name: "name", label: texts.tokens.name, hint: nameHint, required: true })}
        ${form.text({ name: "stacks", label: texts.tokens.stacks, hint: texts.tokens.stacksHint, suggestions })}
        ${form.select({ name: "role", label: t.tokens.role, options: Object.entries(texts.tokens.roleOptions) })}
        ${form.select({ name: "expiresAt", label: texts.tokens.expiresAt, options: Object.entries(texts.tokens.expiries) })}
        ${signInLink
          ? form.select({ name: "signInLink", label: link.label, hint: link.hint, options: Object.entries(link.times) })
          : nothing}
      `,
      submit: signInLink ? link.create : t.tokens.create,
      send: async values => {
        const body = bodyOf(values);
        await Promise.all((body.stacks ?? []).map(requireStack));
        const created = await api.post("/tokens", body);
        await this.load();
        return created.signInLink
          ? linkOf(created.signInLink)
          : shownOnce(texts.tokens.shownOnce, created.token, texts.tokens.copy);
      },
      onChange: suggest,
    });
    suggest(dialog.querySelector("rh-form"));
  }

  askToRename(token) {
    return ask({
      title: texts.tokens.renameTitle,
      values: { name: token.name },
      content: form => form.text({ name: "name", label: texts.tokens.name, required: true }),
      submit: texts.tokens.rename,
      send: async ({ name }) => {
        await api.patch(`/tokens/${e(token.id)}`, { name });
        await this.load();
      },
    });
  }

  askToRevoke(token) {
    return ask({
      title: texts.tokens.revokeTitle,
      text: html`<p>${texts.tokens.revokeText(html`<b dir="auto">${token.name}</b>`)}</p>`,
      submit: texts.tokens.revokeSubmit,
      danger: true,
      send: async () => {
        await api.delete(`/tokens/${e(token.id)}`);
        toast(texts.tokens.revoked);
        await this.load();
      },
    });
  }
}

customElements.define("rh-tokens", TokensView);

/** @param {Api["Token"]} token */
const name = token => html`
  <span class="name" dir="auto">${token.name}</span>
  <span class="two">${token.stacks ? texts.tokens.limited(token.stacks.join(", ")) : t.tokens.allStacks}</span>
`;

/** @param {NonNullable<Api["NewToken"]["signInLink"]>} signInLink */
function linkOf({ path, expiresAt }) {
  const { href } = new URL(path.slice(1), document.baseURI);
  return shownOnce(link.created(futureTime(expiresAt)), href, link.copy);
}

const shownOnce = (notice, text, label) => html`
  <p class="notice info">${notice}</p>
  <div class="curl more"><pre class="token">${text}</pre>${copyButton(text, label)}</div>
`;

/** @param {Api["Token"]} token */
const creation = ({ createdAt, createdBy }) => html`
  ${relativeTime(createdAt)}
  <span class="two" dir="auto">${texts.tokens.createdBy(createdBy)}</span>
`;

const isExpired = ({ expiresAt }) => expiresAt && Date.parse(expiresAt) <= now();

const isValid = token => !token.revokedAt && !isExpired(token);

/** @param {Api["Token"]} token */
function status(token) {
  if (token.revokedAt) return badge("idle", texts.tokens.isRevoked);
  if (isExpired(token)) return badge("idle", texts.tokens.isExpired);
  const { expiresAt } = token;
  const expiry = expiresAt ? texts.tokens.expires(futureTime(expiresAt)) : texts.tokens.noExpiry;
  return html`${badge("good", texts.tokens.isActive)}<span class="two">${expiry}</span>`;
}

/** The stacks that the last of the typed ids may mean, each after the other ids. */
async function findStacks(typed, signal) {
  const ids = typed.split(",").map(id => id.trim());
  const search = ids.pop();
  const { items } = await api.get(`/stacks${query({ search, limit: MAX_SUGGESTED })}`, signal);
  return items.filter(({ id }) => !ids.includes(id)).map(({ id, name }) => [[...ids, id].join(", "), name]);
}

/** Rejects an ID that no stack has. A token with a mistyped ID would work, but show nothing. */
async function requireStack(id) {
  try {
    await api.get(`/stacks/${e(id)}`);
  } catch (problem) {
    if (problem.status !== 404) throw problem;
    throw new Problem(400, { errors: [{ pointer: "/stacks", detail: texts.tokens.unknownStack(id) }] });
  }
}

/** @returns {Api["TokenInput"]} */
function bodyOf({ name, role, stacks, expiresAt, signInLink }) {
  const ids = stacks.split(",").map(id => id.trim()).filter(Boolean);
  return {
    name,
    role,
    stacks: ids.length > 0 ? ids : null,
    expiresAt: expiresAt ? new Date(now() + Number(expiresAt) * DAY).toISOString() : null,
    signInLink: signInLink ? { expiresIn: signInLink } : null,
  };
}
