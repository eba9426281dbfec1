import { html } from "lit";
import { keyed } from "lit/directives/keyed.js";
import { e } from "../../api/api.js";
import { t } from "../../text/messages.js";
import { toast } from "../view.js";
import "../../views/webhook/delivery-view.js";

/** The delivery that is open next to a list. It follows the focus in the list, and Escape closes it. */
export class DeliveryPane {
  /**
   * @param list the list, whose query has the id of the delivery as `open`
   * @param {MediaQueryList} room matches where there is room next to the list
   */
  constructor(list, room) {
    const { signal } = list;
    this.list = list;
    list.addEventListener("focusin", ({ target }) => {
      const link = target.closest(".rowlink");
      if (link && this.id) this.show(link.dataset.id);
    });
    document.addEventListener("keydown", event => this.onKey(event), { signal });
    room.addEventListener("change", () => this.id && list.open(this.id), { signal });
  }

  get id() {
    return this.list.params.query.open;
  }

  /** The first delivery makes an entry in the history, so that "back" closes it. */
  show(id) {
    if (id === this.id) return;
    if (!this.id) history.pushState(null, "");
    this.#choose(id);
  }

  close() {
    const { list, id } = this;
    this.#choose(undefined);
    list.querySelector(`.rowlink[data-id="${CSS.escape(id)}"]`)?.focus();
  }

  /** Changes the same query, because what is loading for the list still fits it. */
  #choose(open) {
    this.list.chooseQuery(Object.assign(this.list.params.query, { open }));
  }

  onKey(event) {
    const isElsewhere = event.defaultPrevented || document.querySelector("dialog, :popover-open");
    if (event.key !== "Escape" || !this.id || isElsewhere) return;
    event.preventDefault();
    this.close();
  }

  render() {
    const { list, id } = this;
    const params = {
      delivery: id,
      list: list.address,
      onOpen: other => this.show(other),
      onProblem: problem => {
        toast(problem.message);
        this.close();
      },
    };
    return html`
      <section class="pane" aria-label=${t.nav.delivery}>
        <p class="actions">
          <a class="button small" href="${list.address}/${e(id)}">${t.deliveryList.asPage}</a>
          <button type="button" class="small" @click=${() => this.close()}>${t.close}</button>
        </p>
        ${keyed(id, html`<rh-delivery .params=${params}></rh-delivery>`)}
      </section>
    `;
  }
}
