import { LitElement, html, nothing } from "lit";
import { keyed } from "lit/directives/keyed.js";
import { e } from "../../api/api.js";
import { deliveryAction } from "../../components/delivery/delivery-actions.js";
import { explanation } from "../../components/explanation.js";
import { t } from "../../text/messages.js";
import { badge, markBadge, outcomeMark, resourceChanges, stateName } from "../../components/status-badges.js";
import { clockTime } from "../../text/time.js";
import { KINDS, hasRoom, moveFocus, nameOf } from "./matrix.js";

/** If there are more webhooks, they become rows, because the columns do not fit. */
const MAX_COLUMNS = 24;

/**
 * The deliveries of a run: a mark for each state and webhook. The selected mark is explained below its row. On
 * narrow screens, the webhooks become the rows.
 *
 * Properties: `stack`; `steps`, the transitions, each with the map `outcomes` by webhook; `webhooks`; `selection`,
 * the id of the selected mark; `onSelect`; `onChange`, which is called after an action on a delivery.
 */
class RunMatrix extends LitElement {
  static properties = { steps: { attribute: false }, selection: {}, isNarrow: { state: true }, isExpanded: { state: true } };
  focusAt = [0, 0];
  #narrow = matchMedia("(max-width: 900px)");
  #resize = () => (this.isNarrow = this.#narrow.matches);

  createRenderRoot() {
    return this;
  }

  connectedCallback() {
    super.connectedCallback();
    this.#resize();
    this.#narrow.addEventListener("change", this.#resize);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.#narrow.removeEventListener("change", this.#resize);
  }

  /** Moves the focus between the marks. Only one of them is reached by Tab. */
  move(event, size) {
    const mark = (row, column) => this.querySelector(`[data-at="${row},${column}"]`);
    const at = moveFocus(event, this.focusAt, size, mark);
    if (!at) return;
    this.focusAt = at;
    this.requestUpdate();
  }

  render() {
    const { steps, webhooks } = this;
    const isTransposed = this.isNarrow || webhooks.length > MAX_COLUMNS;
    const states = steps.map(step => ({ step, name: stateName(step.state), head: stateHead(step) }));
    const receivers = webhooks.map(webhook => ({
      webhook,
      name: nameOf(webhook),
      note: webhook.deleted ? ` ${t.run.deleted}` : nothing,
      head: html`<bdi class="name lines2">${nameOf(webhook)}</bdi>${webhook.deleted ? ` ${t.run.deleted}` : nothing}`,
    }));
    const [rows, columns] = isTransposed ? [this.sorted(receivers), states] : [states, receivers];
    const hidden = isTransposed ? receivers.length - rows.length : 0;
    return html`
      <div class="matrix">
        <table
          role="grid"
          aria-label=${t.run.matrix}
          class=${this.isNarrow || !hasRoom(columns.length) ? "dense" : isTransposed ? "states" : nothing}
          @keydown=${event => this.move(event, [rows.length, columns.length])}
        >
          <thead>
            <tr>
              <td></td>
              ${columns.map(({ name, note }) => html`<th scope="col" title=${name}><bdi>${name}</bdi>${note}</th>`)}
              <td class="rest"></td>
            </tr>
          </thead>
          <tbody>${rows.map((row, i) => this.row(row, i, columns))}</tbody>
          ${hidden > 0 ? this.rest(hidden, columns.length + 2) : nothing}
        </table>
      </div>
    `;
  }

  /** The webhooks that need attention are the first. If there are many, those that got nothing are left out. */
  sorted(receivers) {
    if (receivers.length <= MAX_COLUMNS) return receivers;
    const rank = ({ webhook }) => {
      const outcomes = this.steps.map(step => step.outcomes.get(webhook.id)).filter(Boolean);
      return Math.min(KINDS.length - 1, ...outcomes.map(outcome => KINDS.indexOf(outcomeMark(outcome).kind)));
    };
    const ranked = receivers.map(receiver => ({ receiver, rank: rank(receiver) }));
    return ranked
      .filter(({ rank }) => this.isExpanded || KINDS[rank] !== "idle")
      .sort((one, other) => one.rank - other.rank)
      .map(({ receiver }) => receiver);
  }

  rest(count, width) {
    return html`
      <tfoot>
        <tr>
          <td colspan=${width}>
            <button type="button" class="plain small" @click=${() => (this.isExpanded = true)}>
              ${t.run.gotNothing(count)}
            </button>
          </td>
        </tr>
      </tfoot>
    `;
  }

  row(row, i, columns) {
    const cells = columns.map((column, j) => this.cell({ ...row, ...column }, i, j));
    const selected = cells.find(cell => cell.isSelected);
    return html`
      <tr>
        <th scope="row">${row.head}</th>
        ${cells.map(cell => cell.content)}
        <td class="rest"></td>
      </tr>
      ${selected
        ? html`<tr><td class="detail" colspan=${columns.length + 2}>${keyed(selected.id, selected.detail)}</td></tr>`
        : nothing}
    `;
  }

  cell({ step, webhook }, i, j) {
    const outcome = step.outcomes.get(webhook.id);
    if (!outcome) return { content: html`<td></td>` };
    const id = `${step.stateVersion}.${webhook.id}`;
    const isSelected = id === this.selection;
    const { kind, glyph, text } = outcomeMark(outcome);
    const [row, column] = this.focusAt;
    const select = () => {
      this.focusAt = [i, j];
      this.onSelect(isSelected ? undefined : id);
    };
    const content = html`
      <td>
        <button
          type="button"
          class="mark ${kind}"
          data-glyph=${glyph}
          data-at="${i},${j}"
          tabindex=${i === row && j === column ? 0 : -1}
          aria-expanded=${isSelected}
          aria-label="${nameOf(webhook)}, ${stateName(step.state)}: ${text}"
          title="${nameOf(webhook)}, ${stateName(step.state)}: ${text}"
          @click=${select}
        ></button>
      </td>
    `;
    return { id, content, isSelected, detail: isSelected ? this.detail(step, webhook, outcome) : nothing };
  }

  detail(step, webhook, outcome) {
    const base = `#/stacks/${e(this.stack)}/settings/integrations/${e(webhook.id)}/deliveries`;
    const delivery = { ...outcome, id: outcome.delivery, stack: this.stack };
    return html`
      <section aria-label=${t.run.details}>
        <p class="actions">
          ${markBadge(outcomeMark(outcome))}
          <span><bdi class="name">${nameOf(webhook)}</bdi>${webhook.deleted ? ` ${t.run.deleted}` : nothing}</span>
          <span class="quiet">${stateName(step.state)} #${step.stateVersion}, ${clockTime(step.timestamp)}</span>
        </p>
        <ul>${explanation(outcome.explanation)}</ul>
        ${this.isNarrow && step.note ? html`<p class="quiet" dir="auto">${step.note}</p>` : nothing}
        ${outcome.delivery
          ? html`
              <p class="actions">
                <a class="button small" href="${base}/${e(outcome.delivery)}">${t.test.view}</a>
                ${webhook.deleted ? nothing : deliveryAction(delivery, this.onChange, "small")}
              </p>
            `
          : nothing}
      </section>
    `;
  }
}

function stateHead(step) {
  return html`
    <span class="name" title=${step.state}>${stateName(step.state)}</span>
    <span class="quiet small" title=${t.runs.stateVersion(step.stateVersion)}>#${step.stateVersion}</span>
    ${step.expected
      ? nothing
      : badge("warn", t.run.unexpected, t.run.unexpectedTitle)}
    <span class="two">${clockTime(step.timestamp)} ${step.delta ? resourceChanges(step.delta) : nothing}</span>
    ${step.note ? html`<span class="two lines2" dir="auto">${step.note}</span>` : nothing}
  `;
}

customElements.define("rh-run-matrix", RunMatrix);
