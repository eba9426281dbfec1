import { html, nothing } from "lit";
import { api, e } from "./api.js";
import { View, facts, skeleton, title, toast } from "./view.js";
import { badges, tag } from "./status-badges.js";
import { ask } from "./dialog.js";
import { h } from "./dom.js";
import { session } from "./session.js";
import { externalLink, settingsLayout, stackTabs } from "./stack-layout.js";

/// Settings → General: the description of a stack.
class SettingsView extends View {
  start() {
    this.poll(5000, async () => this.set({ stack: await api.get(`/stacks/${e(this.params.stack)}`, this.signal) }));
  }

  render() {
    const { stack } = this;
    return html`
      ${title(stack?.name ?? this.params.stack)}
      ${stackTabs(this.params.stack, "settings")}
      ${settingsLayout(
        this.params.stack,
        "general",
        html`<section class="stackup">${stack ? this.content(stack) : skeleton()}</section>`,
      )}
    `;
  }

  content(stack) {
    return html`
      <div class="card">
        ${facts([
          ["Id", html`<code>${stack.id}</code>`],
          ["Name", stack.name],
          ["Description", stack.description || "–"],
          ["Labels", stack.labels.length ? badges(stack.labels.map(tag)) : "–"],
          ["Repository", stack.repository ?? "–"],
          ["URL", stack.url ? externalLink(stack.url, stack.url) : "–"],
        ])}
      </div>
      <p class="quiet small">Managed through the API (PUT /api/v1/stacks/${stack.id}).</p>
      ${session.may("admin") ? deleteSection(stack) : nothing}
    `;
  }
}

function deleteSection(stack) {
  return html`
    <div class="card">
      <h2>Delete this stack</h2>
      <div class="actions">
        <button type="button" class="danger" @click=${() => askToDelete(stack)}>Delete stack</button>
        <span class="hint">Also deletes its runs, webhooks and deliveries.</span>
      </div>
    </div>
  `;
}

function askToDelete(stack) {
  ask({
    title: "Delete this stack?",
    text: [
      h(
        "p",
        {},
        "This deletes all runs, webhooks and deliveries of ",
        h("b", {}, stack.name),
        ", including queued ones. This can't be undone.",
      ),
    ],
    submit: "Delete stack",
    danger: true,
    async send() {
      await api.delete(`/stacks/${e(stack.id)}`);
      toast("Stack deleted");
      location.hash = "#/";
    },
  });
}

customElements.define("rh-settings", SettingsView);
