import { html, nothing } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { api, e, query } from "../../api/api.js";
import { now } from "../../api/clock.js";
import { learnName, nameOf as stackName } from "../../api/names.js";
import { runAddress } from "../../components/run-link.js";
import { isTerminal, outcomeMark, stateBadge } from "../../components/status-badges.js";
import { View, emptyState, skeleton, title } from "../../components/view.js";
import { t } from "../../text/messages.js";
import { texts } from "../../text/messages-en-day.js";
import { clock } from "../../text/time.js";
import { hasRoom, markCounts, moveFocus, nameOf } from "./matrix.js";
import { stackTabs } from "./stack-layout.js";

const FIRST_PAGE = 50;
const NEXT_PAGE = 200;
const MAX_PAGES = 5;
/** Pages whose deliveries have ended are refreshed after this time: they may have been resent. */
const SLOW_MS = 30_000;
const FINAL = new Set(["DELIVERED", "FAILED", "CANCELED"]);
const [STYLES, LIST_STYLES] = ["day", "day-list"].map(name => new URL(`../../styles/${name}.css`, import.meta.url).href);
/** The widths in pixels of a column, of what is next to the columns, and below which there is never room for columns. */
const [COLUMN, OTHERS, MIN_WIDTH] = [30, 360, 900];
/** If there are more columns, they scroll. */
const MAX_COLUMNS = 45;

/** The runs of a day, each with a mark for every webhook of the stack. */
class DayView extends View {
  interval = 3000;
  /** What is shown before all styles have loaded would move. */
  missingStyles = 2;
  /** @type {Api["RunMatrix"][]} */
  pages = [];
  /** The cursor before each page, and when it was received. */
  #received = [];
  /** The run and the webhook of the mark that Tab reaches. */
  #focused = null;

  get path() {
    return `/stacks/${e(this.params.stack)}`;
  }

  get address() {
    return `#${this.path}/day`;
  }

  /** The day as YYYY-MM-DD, by local time. */
  get day() {
    const { date } = this.params.query;
    return Number.isNaN(startOf(date).getTime()) ? dayOf(new Date(now())) : date;
  }

  async receive() {
    const { day } = this;
    const stack = this.stack ?? api.get(this.path, this.signal);
    const pages = await this.receivePages(day);
    const { id, name } = await stack;
    learnName(id, name);
    return day === this.day ? { pages, stack: await stack, shown: day } : {};
  }

  async receivePages(day) {
    const [from, to] = [startOf(day), startOf(neighbor(day, 1))].map(time => time.toISOString());
    const isFirst = this.shown !== day;
    const known = isFirst ? [] : this.pages;
    const received = isFirst ? [] : this.#received;
    const pages = [];
    let after = null;
    do {
      const i = pages.length;
      const isCurrent = i > 0 && known[i] && received[i].after === after && !mayChange(known[i], received[i].at);
      if (!isCurrent) {
        const limit = i === 0 ? FIRST_PAGE : NEXT_PAGE;
        const page = await api.get(`${this.path}/matrix${query({ from, to, limit, after })}`, this.signal);
        if (day !== this.day) return this.pages; // the user has chosen another day
        pages[i] = page;
        received[i] = { after, at: now() };
      } else {
        pages[i] = known[i];
      }
      if (isFirst) this.set({ pages: [...pages], shown: day });
      after = pages[i].next;
    } while (after && pages.length < MAX_PAGES);
    this.#received = received;
    const isSame = pages.length === this.pages.length && pages.every((page, i) => page === this.pages[i]);
    return isSame ? this.pages : pages;
  }

  choose(day) {
    if (day === this.day || Number.isNaN(startOf(day).getTime())) return;
    this.chooseQuery({ ...this.params.query, date: day });
    this.reload();
  }

  render() {
    const { params, stack } = this;
    const onStyled = () => this.set({ missingStyles: this.missingStyles - 1 });
    return html`
      <link rel="stylesheet" href=${STYLES} @load=${onStyled} @error=${onStyled}>
      <link
        rel="stylesheet"
        href=${LIST_STYLES}
        media="(max-width: ${this.minWidth}px), print"
        @load=${onStyled}
        @error=${onStyled}
      >
      ${stackTabs(params.stack, "runs")}
      ${title(
        stack?.name ?? stackName(params.stack) ?? params.stack,
        html`<a class="button" href="#${this.path}">${texts.list}</a>`,
      )}
      ${this.missingStyles > 0 ? nothing : this.toolbar()}
      ${this.missingStyles > 0 || this.shown !== this.day ? skeleton(8) : this.content()}
    `;
  }

  toolbar() {
    const { day } = this;
    const today = dayOf(new Date(now()));
    const step = (to, glyph, label) => html`
      <button
        type="button"
        aria-label=${label}
        title=${label}
        ?disabled=${to > today}
        @click=${() => this.choose(to)}
      >
        ${glyph}
      </button>
    `;
    return html`
      <div class="actions toolbar">
        <div>${this.shown === day ? markCounts(this.pages.flatMap(page => page.items).flatMap(marks)) : nothing}</div>
        ${this.freshness()}
        ${step(neighbor(day, -1), "‹", texts.earlier)}
        <input
          type="date"
          aria-label=${t.runs.day}
          max=${today}
          .value=${day}
          @change=${event => this.choose(event.target.value)}
        >
        ${step(neighbor(day, 1), "›", texts.later)}
      </div>
    `;
  }

  /** The webhooks of all pages. Deleted ones are the last. */
  get webhooks() {
    return [...new Map(this.pages.flatMap(page => page.webhooks.map(each => [each.id, each]))).values()]
      .sort((one, other) => Number(one.deleted) - Number(other.deleted));
  }

  /** The width of the window up to which the columns have no room, so that a list is shown. */
  get minWidth() {
    return Math.max(MIN_WIDTH, Math.min(this.webhooks.length, MAX_COLUMNS) * COLUMN + OTHERS);
  }

  content() {
    const { webhooks } = this;
    const runs = this.pages.flatMap(page => page.items);
    if (runs.length === 0) return emptyState(texts.empty);
    return html`
      ${webhooks.length === 0 ? html`<p class="quiet">${texts.noWebhooks}</p>` : nothing}
      ${this.table(runs, webhooks)}
      ${this.pages.at(-1).next ? html`<p class="quiet small more">${texts.more(runs.length)}</p>` : nothing}
    `;
  }

  table(runs, webhooks) {
    const lanes = new Map(runs.map(run => [run, new Map(run.lanes.map(lane => [lane.webhook, lane]))]));
    const focused = this.focusable(runs, webhooks, lanes);
    return html`
      <div class="matrix day">
        <table
          role="grid"
          class="dense ${hasRoom(webhooks.length) ? "roomy" : ""}"
          aria-label=${texts.matrix}
          @keydown=${event => this.move(event, runs, webhooks)}
          @focusin=${event => this.onFocus(event)}
        >
          <thead>
            <tr>
              <th scope="col">${texts.run}</th>
              ${webhooks.map(webhook => html`
                <th scope="col" title=${nameOf(webhook)}>
                  <bdi>${nameOf(webhook)}${webhook.deleted ? ` ${t.run.deleted}` : nothing}</bdi>
                </th>
              `)}
              <td class="rest"></td>
            </tr>
          </thead>
          <tbody>
            ${repeat(runs, run => run.id, run => html`
              <tr data-run=${run.id}>
                <th scope="row">${this.head(run)}</th>
                ${webhooks.map(webhook => this.cell(run, webhook, lanes.get(run).get(webhook.id), focused))}
                <td class="rest"></td>
              </tr>
            `)}
          </tbody>
        </table>
      </div>
    `;
  }

  head(run) {
    return html`
      <span class="quiet small" title=${run.createdAt}>${clock(run.createdAt)}</span>
      <a class="code" href=${runAddress(this.params.stack, run.id)} title="${run.id} · ${run.branch}">${ending(run.id)}</a>
      ${stateBadge(run.state)}
      <span class="calm">${markCounts(marks(run).filter(isCalm))}</span>
    `;
  }

  cell(run, webhook, lane, focused) {
    if (!lane) return html`<td></td>`;
    const { kind, glyph, text } = laneMark(lane);
    const label = texts.cell(nameOf(webhook), run.id, text, lane);
    return html`
      <td>
        <a
          class="mark ${kind}"
          href=${this.deliveriesOf(run, webhook)}
          data-glyph=${glyph}
          data-webhook=${webhook.id}
          data-name=${isCalm({ kind }) ? nothing : nameOf(webhook)}
          tabindex=${focused?.run === run.id && focused.webhook === webhook.id ? 0 : -1}
          aria-label=${label}
          title=${label}
        ></a>
      </td>
    `;
  }

  deliveriesOf(run, webhook) {
    return webhook.deleted
      ? `#/deliveries${query({ webhook: webhook.id, run: run.id })}`
      : `#${this.path}/settings/integrations/${e(webhook.id)}/deliveries${query({ run: run.id })}`;
  }

  /** The mark that had the focus last, if it is still there, or the first one. */
  focusable(runs, webhooks, lanes) {
    const has = (run, webhook) => lanes.get(run)?.has(webhook?.id);
    const { run, webhook } = this.#focused ?? {};
    if (has(runs.find(({ id }) => id === run), webhooks.find(({ id }) => id === webhook))) return this.#focused;
    for (const each of runs) {
      const first = webhooks.find(one => has(each, one));
      if (first) return { run: each.id, webhook: first.id };
    }
    return null;
  }

  onFocus({ target }) {
    if (!target.matches(".mark")) return;
    this.#focused = { run: target.closest("tr").dataset.run, webhook: target.dataset.webhook };
    this.requestUpdate();
  }

  /** Moves the focus between the marks. Only one of them is reached by Tab. */
  move(event, runs, webhooks) {
    if (!event.target.matches(".mark")) return;
    const row = event.target.closest("tr");
    const at = [row.sectionRowIndex, event.target.closest("td").cellIndex - 1];
    const { rows } = row.parentElement;
    const find = (i, j) => rows[i].cells[j + 1].querySelector(".mark");
    moveFocus(event, at, [runs.length, webhooks.length], find);
  }
}

customElements.define("rh-day", DayView);

/** @param {Api["LaneSummary"]} lane */
const laneMark = lane => outcomeMark({ ...lane, delivery: lane.phase });

/** Whether a mark needs no name where there is no room for columns. */
const isCalm = ({ kind }) => kind === "good" || kind === "idle";

/** The end of a long id, which differs more than its beginning. */
const ending = id => (id.length > 20 ? `…${id.slice(-8)}` : id);

const marks = run => run.lanes.map(laneMark);

/** @param {Api["RunMatrix"]} page */
function mayChange({ items }, receivedAt) {
  const isOpen = ({ state, lanes }) => !isTerminal(state) || lanes.some(({ phase }) => phase && !FINAL.has(phase));
  return now() - receivedAt > SLOW_MS || items.some(isOpen);
}

/** The start of a day of the form YYYY-MM-DD by local time, or an invalid date. */
const startOf = day => new Date(/^\d{4}-\d\d-\d\d$/.test(day ?? "") ? `${day}T00:00` : Number.NaN);

const dayOf = date =>
  [date.getFullYear(), date.getMonth() + 1, date.getDate()].map(part => String(part).padStart(2, "0")).join("-");

/** The day that many days later. Days can have 23 or 25 hours. */
function neighbor(day, days) {
  const date = startOf(day);
  date.setDate(date.getDate() + days);
  return dayOf(date);
}
