import { html } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { AccountView } from "./account-layout.js";
import { api, e } from "../../api/api.js";
import { t } from "../../text/messages.js";
import { relativeTime } from "../../text/time.js";
import { emptyState, sheet, toast } from "../../components/view.js";
import { attempt } from "../../components/webhook-actions.js";

const HEADS = [t.sessions.token, t.sessions.started, t.sessions.lastUsed, t.sessions.expires, ["", "num"]];

/** Account → Sessions: who is signed in to the web UI. */
class SessionsView extends AccountView {
  page = "sessions";

  async load() {
    this.set({ sessions: (await api.get("/sessions", this.signal)).items });
  }

  get isLoaded() {
    return Boolean(this.sessions);
  }

  content() {
    if (this.sessions.length === 0) return emptyState(t.sessions.none);
    return sheet(HEADS, repeat(this.sessions, session => session.id, session => this.row(session)));
  }

  /** @param {Api["ListedSession"]} session */
  row({ id, name, startedAt, lastUsedAt, expiresAt }) {
    return html`
      <tr>
        <td class="wide whole"><span class="name" dir="auto">${name}</span></td>
        <td data-label=${t.sessions.started}>${relativeTime(startedAt)}</td>
        <td data-label=${t.sessions.lastUsed}>${relativeTime(lastUsedAt)}</td>
        <td data-label=${t.sessions.expires}>${relativeTime(expiresAt)}</td>
        <td class="num">
          <button
            type="button"
            class="small"
            aria-label="${t.sessions.end}: ${name}"
            @click=${() => attempt(() => this.end(id))}
          >${t.sessions.end}</button>
        </td>
      </tr>
    `;
  }

  async end(id) {
    await api.delete(`/sessions/${e(id)}`);
    toast(t.sessions.ended);
    await this.load();
  }
}

customElements.define("rh-sessions", SessionsView);
