import { html } from "lit";
import { AccountView } from "./account-layout.js";
import { api } from "../../api/api.js";
import { t } from "../../text/messages.js";
import { emptyState, sheet } from "../../components/view.js";

/** Account → Server settings: the settings with which the server has started. */
class ServerSettingsView extends AccountView {
  page = "settings";

  async load() {
    this.set({ settings: (await api.get("/settings", this.signal)).items });
  }

  get isLoaded() {
    return Boolean(this.settings);
  }

  content() {
    if (this.settings.length === 0) return emptyState(t.serverSettings.none, html`<p>${t.serverSettings.noneText}</p>`);
    return sheet(t.serverSettings.heads, this.settings.map(row));
  }
}

customElements.define("rh-server-settings", ServerSettingsView);

/** @param {Api["Setting"]} setting */
function row({ name, value, default: standard, set, secret, source }) {
  const text = secret ? (set ? t.serverSettings.isSet : t.serverSettings.notSet) : (value ?? t.serverSettings.notSet);
  const [, , sourceHead, defaultHead] = t.serverSettings.heads;
  return html`
    <tr>
      <td class="whole nowrap"><code>${name}</code></td>
      <td class="wide whole ${set ? "name" : "quiet"}">${text}</td>
      <td class="wide" data-label=${sourceHead}>
        ${set ? source : html`<span class="quiet">${t.serverSettings.default}</span>`}
      </td>
      ${set && standard !== null && standard !== value
        ? html`<td class="wide" data-label=${defaultHead}>${standard}</td>`
        : html`<td></td>`}
    </tr>
  `;
}
