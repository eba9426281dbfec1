import { html, nothing } from "lit";
import { api, e, fetchPages, query } from "../../api/api.js";
import { t } from "../../text/messages.js";
import { learnName } from "../../api/names.js";
import { NOT_RESENT, listQuery } from "../../api/query.js";
import { ListView, searchField } from "../../components/list.js";
import { ariaSort, orderOf, ordered, sortButton } from "../../components/sorting.js";
import { emptyState, title } from "../../components/view.js";
import { badge, stateBadge, webhookCountBadges } from "../../components/status-badges.js";
import { relativeTime } from "../../text/time.js";
import { curlExample } from "../../components/clipboard.js";

const MAX_LABELS = 6;
const ADDRESS = "#/stacks";
const MAX_PAGES = 10;
const WORST_FIRST = ["FAILING", "PAUSED", "DISABLED", "DEGRADED", "HEALTHY", "IDLE"];
const [stackHead, latestRunHead, webhooksHead, labelsHead] = t.stacks.heads;

/**
 * The columns by the name of their order, and the value of a stack.
 *
 * @type {Record<string, { value: (stack: Api["Stack"]) => any, isDescending?: boolean }>}
 */
const ORDERS = {
  name: { value: ({ name }) => name.toLowerCase() },
  run: { value: ({ latestRun }) => latestRun?.createdAt ?? null, isDescending: true },
  webhooks: { value: ({ health }) => WORST_FIRST.indexOf(health.verdict) },
};

/**
 * The stacks that the user can see, with the latest run and the state of the webhooks: one page at a time by their ids,
 * or all in another order.
 */
class StacksView extends ListView {
  interval = 5000;
  address = ADDRESS;
  sortOf = i => ariaSort(Object.keys(ORDERS)[i], this.order);

  get columns() {
    const head = (key, label) => sortButton(key, label, this.order, chosen => this.sort(chosen));
    return [
      [head("name", stackHead), name, "wide whole"],
      [head("run", latestRunHead), latestRun],
      [head("webhooks", webhooksHead), webhooks, "whole"],
      [labelsHead, labels, "wide whole"],
    ];
  }

  get order() {
    return orderOf(this.params.query, ORDERS);
  }

  sort(chosen) {
    const { search, label } = this.params.query;
    this.applyFilter({ search, label, ...chosen });
  }

  empty = () => this.noMatches(noStacks());

  links(next) {
    return super.links(next, { newest: t.stacks.first, older: t.stacks.next });
  }

  /** Searches when the user has stopped typing. */
  searchSoon(search) {
    const { after, ...others } = this.params.query;
    this.chooseQuery({ ...others, search });
    clearTimeout(this.searchTimer);
    this.searchTimer = setTimeout(() => this.reload(), 150);
  }

  async receive() {
    const { sort, order, ...filter } = this.params.query;
    const page = this.order.by
      ? await fetchPages("/stacks", filter, MAX_PAGES, this.signal)
      : await api.get(`/stacks${listQuery(filter)}`, this.signal);
    page.items.forEach(stack => learnName(stack.id, stack.name));
    return { page };
  }

  /** The page, or all stacks in the order that the user has chosen. */
  get shown() {
    const { by, isDescending } = this.order;
    if (!this.page || !by) return this.page;
    return { items: ordered(this.page.items, ORDERS[by].value, isDescending), next: null };
  }

  render() {
    const { search, label } = this.params.query;
    const { page } = this;
    return html`
      ${title(
        t.nav.stacks,
        searchField(t.stacks.search, t.stacks.placeholder, search, text => this.searchSoon(text)),
      )}
      ${label ? labelFilter(label, search) : nothing}
      <div>
        ${this.list(this.shown)}
        ${this.order.by && page?.next ? html`<p class="quiet more">${t.stacks.limited(page.items.length)}</p>` : nothing}
        ${page
          ? html`<p class="unseen" role="status">${t.stacks.count(page.items.length, page.next !== null)}</p>`
          : nothing}
      </div>
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

const addressOf = ({ id }) => `${ADDRESS}/${e(id)}`;

/** @param {Api["Stack"]} stack */
function name(stack) {
  return html`
    <a class="name lines2 rowlink" href=${addressOf(stack)} dir="auto">${stack.name}</a>
    <span class="two lines2">
      <code>${stack.id}</code>${stack.description ? html` · <bdi>${stack.description}</bdi>` : nothing}
    </span>
  `;
}

/** @param {Api["Stack"]} stack */
function latestRun({ latestRun: run, ...stack }) {
  if (!run) return html`<span class="quiet">${t.stacks.noRuns}</span>`;
  return html`
    ${stateBadge(run.state)}
    <span class="two nowrap">
      <a href="${addressOf(stack)}/runs/${e(run.id)}" class="clip short" title=${run.id}>${run.id}</a>
      · ${relativeTime(run.createdAt)}
    </span>
  `;
}

/** @param {Api["Stack"]} stack */
function webhooks(stack) {
  return html`
    ${stack.failedDeliveries > 0
      ? html`
          <a href="#/deliveries${query({ stack: stack.id, status: NOT_RESENT, hours: 24 })}">
            ${badge("bad", t.stacks.failed(stack.failedDeliveries), t.stacks.failedTitle)}
          </a>
        `
      : nothing}
    <a href="${addressOf(stack)}/settings/integrations" class="small">
      <span class="unseen">${t.stacks.webhooksOf(stack.name)}</span> ${webhookCountBadges(stack.health)}
    </a>
  `;
}

/** @param {Api["Stack"]} stack */
function labels(stack) {
  if (stack.labels.length === 0) return nothing;
  const more = stack.labels.length - MAX_LABELS;
  return html`
    <span class="badges">
      ${stack.labels
        .slice(0, MAX_LABELS)
        .map(label => html`<a class="tag" href=${ADDRESS + query({ label })} dir="auto" title=${label}>${label}</a>`)}
      ${more > 0
        ? html`
            <a class="tag" href="${addressOf(stack)}/settings/general" title=${stack.labels.slice(MAX_LABELS).join(", ")}>
              ${t.stacks.moreLabels(more)}
            </a>
          `
        : nothing}
    </span>
  `;
}

customElements.define("rh-stacks", StacksView);
