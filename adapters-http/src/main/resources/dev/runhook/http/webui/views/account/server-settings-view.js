import { html } from "lit";
import { accountLayout } from "./account-layout.js";
import { ListView, labeled } from "../../components/list.js";
import { texts } from "../../text/messages-en-account.js";
import { emptyState } from "../../components/view.js";

const [settingHead, valueHead, sourceHead, defaultHead] = texts.serverSettings.heads;

/** Account → Server settings: the settings with which the server has started. */
class ServerSettingsView extends ListView {
  address = "#/account/settings";
  request = "/settings";
  columns = [
    [settingHead, ({ name }) => html`<code>${name}</code>`, "whole nowrap"],
    [valueHead, value, "wide whole"],
    labeled(sourceHead, source, "wide"),
    labeled(defaultHead, standard, "wide"),
  ];

  empty = () => emptyState(texts.serverSettings.none, html`<p>${texts.serverSettings.noneText}</p>`);

  render() {
    return accountLayout("settings", this.list());
  }
}

customElements.define("rh-server-settings", ServerSettingsView);

/** @param {Api["Setting"]} setting */
function value({ value: text, set, secret }) {
  const { isSet, notSet } = texts.serverSettings;
  const shown = secret ? (set ? isSet : notSet) : (text ?? notSet);
  return html`<span class=${set ? "name" : "quiet"}>${shown}</span>`;
}

const source = ({ set, source: text }) =>
  set ? text : html`<span class="quiet">${texts.serverSettings.default}</span>`;

/** The default of a setting that has another value. */
const standard = ({ set, value: text, default: other }) => (set && text !== other ? other : null);
