import { LitElement, html, nothing } from "lit";
import { api, query } from "../../api/api.js";
import { sheet } from "../../components/list.js";
import { badge } from "../../components/status-badges.js";
import { attempt } from "../../components/view.js";
import { texts } from "../../text/messages-en-changes.js";

const KINDS = { delete: "bad", replace: "bad", update: "warn", create: "good" };
const ORDER = Object.keys(KINDS);
const MAX_SHOWN = 50;

/**
 * The resources that a run changes, those that it destroys first.
 *
 * Properties: `path` of the run in the API; `version` of the transition whose report had the list.
 */
class RunChanges extends LitElement {
  static properties = {
    path: {},
    version: { type: Number },
    list: { state: true },
    isComplete: { state: true },
  };

  createRenderRoot() {
    return this;
  }

  updated(changed) {
    if (changed.has("path") || changed.has("version")) this.load();
  }

  load() {
    const { path, version } = this;
    return attempt(async () => {
      const list = await api.get(`${path}/changes${query({ stateVersion: version })}`);
      if (path === this.path && version === this.version) this.list = list;
    });
  }

  render() {
    const changes = this.list?.changes ?? [];
    if (changes.length === 0) return nothing;
    const sorted = changes.toSorted((one, other) => ORDER.indexOf(one.action) - ORDER.indexOf(other.action));
    const columns = [
      [texts.action, ({ action }) => badge(KINDS[action], texts.actions[action])],
      [texts.address, ({ address }) => html`<code dir="auto">${address}</code>`, "wide whole"],
    ];
    return html`
      <section aria-labelledby="changes">
        <div class="title"><h2 id="changes">${texts.title}</h2></div>
        ${sheet(columns, this.isComplete ? sorted : sorted.slice(0, MAX_SHOWN))}
        ${changes.length > MAX_SHOWN && !this.isComplete
          ? html`
              <button type="button" class="more" @click=${() => (this.isComplete = true)}>
                ${texts.all(changes.length)}
              </button>
            `
          : nothing}
        ${this.list.changesTruncated ? html`<p class="quiet">${texts.truncated}</p>` : nothing}
      </section>
    `;
  }
}

customElements.define("rh-run-changes", RunChanges);
