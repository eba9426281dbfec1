import { html, nothing } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { api, e, query } from "../../api/api.js";
import { noItems, pageLinks } from "../../components/filter.js";
import { t } from "../../text/messages.js";
import { learnName } from "../../api/names.js";
import { listQuery } from "../../api/query.js";
import { View, emptyState, sheet, skeleton, title } from "../../components/view.js";
import { badge, stateName, webhookCountBadges } from "../../components/status-badges.js";
import { relativeTime } from "../../text/time.js";
import { curlExample } from "../../components/clipboard.js";

const MAX_LABELS = 6;
const ADDRESS = "#/stacks";

/** The stacks that the user can see, with the latest run and the state of the webhooks, one page at a time. */
class StacksView extends View {
  start() {
    this.poll(5000, () => this.load());
  }

  /** Searches when the user has stopped typing. */
  searchSoon(text) {
    const { label } = this.params.query;
    this.params.query = { search: text.trim(), label };
    history.replaceState(history.state, "", ADDRESS + query(this.params.query));
    clearTimeout(this.searchTimer);
    this.searchTimer = setTimeout(() => this.guard(() => this.load()), 150);
  }

  async load() {
    const current = this.params.query;
    const page = await api.get(`/stacks${listQuery(current)}`, this.signal);
    page.items.forEach(stack => learnName(stack.id, stack.name));
    if (current === this.params.query) this.set({ page });
  }

  render() {
    const { search = "", label } = this.params.query;
    return html`
      ${title(
        t.nav.stacks,
        html`
          <input
            type="search"
            class="search"
            placeholder=${t.stacks.placeholder}
            aria-keyshortcuts="/"
            aria-label=${t.stacks.search}
            .value=${search}
            @input=${event => this.searchSoon(event.target.value)}
          >
        `,
      )}
      ${label ? labelFilter(label, search) : nothing}
      <div>${this.page ? this.list(this.page) : skeleton()}</div>
    `;
  }

  list({ items, next }) {
    return html`
      ${items.length > 0
        ? sheet(t.stacks.heads, repeat(items, stack => stack.id, row))
        : noItems(ADDRESS, this.params.query, next, noStacks())}
      ${pageLinks(ADDRESS, this.params.query, next, { newest: t.stacks.first, older: t.stacks.next })}
      <p class="unseen" role="status">${t.stacks.count(items.length, next !== null)}</p>
    `;
  }
}

function noStacks() {
  return emptyState(
    t.home.noStacks,
    html`<p>${t.home.noStacksText}</p>`,
    curlExample("PUT", "/stacks/demo", { name: "Demo" }),
  );
}

function labelFilter(label, search) {
  return html`
    <p class="actions filtered">
      ${t.stacks.labeled} <span class="tag" dir="auto">${label}</span>
      <a href=${ADDRESS + query({ search })}>${t.stacks.clearLabel}</a>
    </p>
  `;
}

/** @param {Api["Stack"]} stack */
function row(stack) {
  const base = `#/stacks/${e(stack.id)}`;
  const { latestRun } = stack;
  return html`
    <tr>
      <td class="wide whole">
        <a class="name lines2 rowlink" href=${base} dir="auto">${stack.name}</a>
        <span class="two lines2">
          <code>${stack.id}</code>${stack.description ? html` · <bdi>${stack.description}</bdi>` : nothing}
        </span>
      </td>
      <td>
        ${latestRun
          ? html`
              <span title=${latestRun.state}>${stateName(latestRun.state)}</span>
              <span class="two nowrap">
                <a href="${base}/runs/${e(latestRun.id)}" class="clip short" title=${latestRun.id}>${latestRun.id}</a>
                · ${relativeTime(latestRun.createdAt)}
              </span>
            `
          : html`<span class="quiet">${t.stacks.noRuns}</span>`}
      </td>
      <td class="whole">
        ${stack.failedDeliveries > 0
          ? html`
              <a href="#/deliveries${query({ stack: stack.id, status: "FAILED", hours: 24 })}">
                ${badge("bad", t.stacks.failed(stack.failedDeliveries), t.stacks.failedTitle)}
              </a>
            `
          : nothing}
        <a href="${base}/settings/integrations" class="small">
          <span class="unseen">${t.stacks.webhooksOf(stack.name)}</span> ${webhookCountBadges(stack.webhooks)}
        </a>
      </td>
      <td class="wide whole">${stack.labels.length ? labels(stack, base) : nothing}</td>
    </tr>
  `;
}

function labels(stack, base) {
  const more = stack.labels.length - MAX_LABELS;
  return html`
    <span class="badges">
      ${stack.labels
        .slice(0, MAX_LABELS)
        .map(label => html`<a class="tag" href=${ADDRESS + query({ label })} dir="auto" title=${label}>${label}</a>`)}
      ${more > 0
        ? html`
            <a class="tag" href="${base}/settings/general" title=${stack.labels.slice(MAX_LABELS).join(", ")}>
              ${t.stacks.moreLabels(more)}
            </a>
          `
        : nothing}
    </span>
  `;
}

customElements.define("rh-stacks", StacksView);
