import { html, nothing } from "lit";
import { api, e, query } from "../../api/api.js";
import { View, facts, skeleton, toast } from "../../components/view.js";
import { badges, tag } from "../../components/status-badges.js";
import { ask } from "../../components/dialog.js";
import { t } from "../../text/messages.js";
import { learnName } from "../../api/names.js";
import { session } from "../../api/session.js";
import { externalLink, settingsLayout } from "./stack-layout.js";

/** Settings → General: the description of a stack. */
class SettingsView extends View {
  async receive() {
    const stack = await api.get(`/stacks/${e(this.params.stack)}`, this.signal);
    learnName(stack.id, stack.name);
    return { stack };
  }

  render() {
    const { stack } = this;
    return settingsLayout(this.params.stack, "general", html`
      <section class="stackup">${stack ? this.content(stack) : skeleton()}</section>
    `);
  }

  content(stack) {
    return html`
      <div class="card">
        ${facts([
          [t.stack.id, html`<code>${stack.id}</code>`],
          [t.stack.name, html`<bdi>${stack.name}</bdi>`],
          [t.stack.description, html`<bdi>${stack.description || "–"}</bdi>`],
          [t.stack.labels, stack.labels.length ? badges(stack.labels.map(tag)) : "–"],
          [t.stack.repository, html`<bdi>${stack.repository ?? "–"}</bdi>`],
          [t.stack.url, stack.url ? externalLink(stack.url, stack.url) : "–"],
        ])}
      </div>
      <p class="quiet small">
        ${t.stack.managed(stack.id)}
        ${session.may("admin")
          ? html`<a href="#/account/audit${query({ stack: stack.id })}">${t.stack.activity}</a>`
          : nothing}
      </p>
      ${session.may("admin") ? deleteSection(stack) : nothing}
    `;
  }
}

function deleteSection(stack) {
  return html`
    <div class="card">
      <h2>${t.stack.deleteHeading}</h2>
      <div class="actions">
        <button type="button" class="danger" @click=${() => askToDelete(stack)}>${t.stack.delete}</button>
        <span class="hint">${t.stack.deleteHint}</span>
      </div>
    </div>
  `;
}

function askToDelete(stack) {
  return ask({
    title: t.stack.deleteTitle,
    text: html`<p>${t.stack.deleteText(html`<b dir="auto">${stack.name}</b>`)}</p>`,
    values: { confirm: "" },
    content: form => {
      form.blocked = form.values.confirm.trim() !== stack.id;
      return form.text({ name: "confirm", label: t.stack.confirm(stack.id) });
    },
    submit: t.stack.delete,
    danger: true,
    async send() {
      await api.delete(`/stacks/${e(stack.id)}`);
      toast(t.stack.deleted);
      location.hash = "#/";
    },
  });
}

customElements.define("rh-settings", SettingsView);
