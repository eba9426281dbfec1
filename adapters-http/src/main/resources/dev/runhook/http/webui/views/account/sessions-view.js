import { html, nothing } from "lit";
import { accountLayout } from "./account-layout.js";
import { api, e } from "../../api/api.js";
import { session } from "../../api/session.js";
import { ListView, labeled } from "../../components/list.js";
import { badge } from "../../components/status-badges.js";
import { texts } from "../../text/messages-en-account.js";
import { futureTime, relativeTime } from "../../text/time.js";
import { attempt, emptyState, toast } from "../../components/view.js";

/** Account → Sessions: who is signed in to the web UI. */
class SessionsView extends ListView {
  address = "#/account/sessions";
  request = "/sessions";
  columns = [
    [texts.sessions.browser, name, "wide whole"],
    labeled(texts.sessions.started, ({ startedAt }) => relativeTime(startedAt)),
    labeled(texts.sessions.lastUsed, ({ lastUsedAt }) => relativeTime(lastUsedAt)),
    labeled(texts.sessions.expires, ({ expiresAt }) => futureTime(expiresAt)),
    ["", session => this.endButton(session), "num"],
  ];

  empty = () => emptyState(texts.sessions.none);

  render() {
    return accountLayout("sessions", this.list());
  }

  /** @param {Api["ListedSession"]} session */
  endButton({ id, name, browser }) {
    return html`
      <button
        type="button"
        class="small"
        aria-label="${texts.sessions.end}: ${browser ?? texts.sessions.unknown}, ${name}"
        @click=${() => attempt(() => this.end(id))}
      >${texts.sessions.end}</button>
    `;
  }

  async end(id) {
    await api.delete(`/sessions/${e(id)}`);
    toast(texts.sessions.ended);
    await this.load();
  }
}

customElements.define("rh-sessions", SessionsView);

/** @param {Api["ListedSession"]} listed */
const name = listed => html`
  <span class="name">${listed.browser ?? texts.sessions.unknown}</span>
  ${listed.id === session.me.id ? badge("good", texts.sessions.current) : nothing}
  <span class="two" dir="auto">${listed.name}</span>
`;
