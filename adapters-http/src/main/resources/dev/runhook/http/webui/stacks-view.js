import { html, nothing } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { api, e, query } from "./api.js";
import { plural } from "./text.js";
import { learnName } from "./names.js";
import { View, emptyState, sheet, skeleton, title } from "./view.js";
import { badge, badges, stateBadge, tag, webhookCountBadges } from "./status-badges.js";
import { countFailures } from "./failures.js";
import { relativeTime } from "./time.js";
import { curlExample } from "./clipboard.js";

const MAX_LABELS = 6;

/// The stacks that the user can see, with the latest run and the state of the webhooks.
class StacksView extends View {
  search = "";
  limit = 50;

  start() {
    this.poll(5000, () => this.load());
    this.every(15_000, async () => this.set({ failures: await this.loadFailures() }));
  }

  searchSoon(text) {
    this.search = text.trim();
    clearTimeout(this.searchTimer);
    this.searchTimer = setTimeout(() => this.guard(() => this.load()), 150);
  }

  async load() {
    const { search, limit } = this;
    const [page, failures] = await Promise.all([
      api.get("/stacks" + query({ search, limit }), this.signal),
      this.failures ?? this.loadFailures(),
    ]);
    page.items.forEach(stack => learnName(stack.id, stack.name));
    if (search === this.search) this.set({ page, failures: this.failures ?? failures });
  }

  loadFailures() {
    return countFailures("/deliveries", {}, "stack", this.signal);
  }

  showMore() {
    this.limit = 200;
    this.guard(() => this.load());
  }

  render() {
    const search = html`
      <input
        type="search"
        class="search"
        placeholder="Search by name or id"
        aria-label="Search stacks"
        @input=${event => this.searchSoon(event.target.value)}
      >
    `;
    return [title("Stacks", search), html`<div>${this.content()}</div>`];
  }

  content() {
    const { page, search, limit } = this;
    if (!page) return skeleton();
    if (page.items.length === 0) {
      return search
        ? emptyState("No matching stacks", html`<p>No stack has <b>${search}</b> in its name or id.</p>`)
        : emptyState(
            "No stacks yet",
            html`<p>Stacks appear when your platform registers them. Register one with a writer token:</p>`,
            curlExample("PUT", "/stacks/demo", { name: "Demo" }),
          );
    }
    return html`
      ${sheet(
        ["Stack", "Latest run", "Webhooks", "Labels"],
        repeat(page.items, stack => stack.id, stack => row(stack, this.failures(stack.id))),
      )}
      ${page.next !== null && limit < 200
        ? html`<button class="more" type="button" @click=${() => this.showMore()}>Show more</button>`
        : nothing}
      <p class="quiet small more" role="status">${
        page.next === null
          ? plural(page.items.length, "stack")
          : `Showing the first ${page.items.length} stacks. Search to find others.`
      }</p>
    `;
  }
}

function row(stack, failures) {
  const base = `#/stacks/${e(stack.id)}`;
  return html`
    <tr>
      <td class="wide whole">
        <a class="name lines2" href=${base} dir="auto">${stack.name}</a>
        <span class="two lines2">
          <code>${stack.id}</code>${stack.description ? html` · <bdi>${stack.description}</bdi>` : nothing}
        </span>
      </td>
      <td>${stack.latestRun ? latestRun(base, stack.latestRun) : html`<span class="quiet">No runs yet</span>`}</td>
      <td class="whole">
        <a href="${base}/settings/integrations" class="small">
          <span class="unseen">Webhooks of ${stack.name}:</span> ${webhookCountBadges(stack.webhooks)}
        </a>
        ${failures.count > 0
          ? html`<span class="two">${badge("bad", `${failures.text} failed deliveries`, "in the last 24 hours")}</span>`
          : nothing}
      </td>
      <td class="wide whole">
        ${stack.labels.length ? badges(stack.labels.slice(0, MAX_LABELS).map(tag)) : nothing}
      </td>
    </tr>
  `;
}

function latestRun(base, run) {
  return html`
    ${stateBadge(run.state)}
    <span class="two nowrap">
      <a href="${base}/runs/${e(run.id)}" class="clip short" title=${run.id}>${run.id}</a>
      · ${relativeTime(run.createdAt)}
    </span>
  `;
}

customElements.define("rh-stacks", StacksView);
