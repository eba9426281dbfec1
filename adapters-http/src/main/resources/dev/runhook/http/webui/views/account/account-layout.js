import { html, nothing } from "lit";
import { View, skeleton, title } from "../../components/view.js";
import { t } from "../../text/messages.js";
import { session } from "../../api/session.js";
import { links } from "../stack/stack-layout.js";

const PAGES = ["tokens", "webhooks", "sessions", "audit", "payloads", "settings"];

/**
 * The base of the views for administrators of an account. Subclasses implement `load()` and `content()`, which
 * renders what was loaded.
 */
export class AccountView extends View {
  start() {
    this.poll(15_000, () => this.load());
  }

  render() {
    const pages = PAGES.filter(page => page !== "webhooks" || !session.me.stacks);
    const items = pages.map(page => [t.account[page], `#/account/${page}`, page === this.page]);
    return html`
      ${title(t.account.title)}
      <div class="aside">
        <nav aria-label=${t.account.title}>${links(items)}</nav>
        <section class="stackup">
          <div class="title"><h2 dir="auto">${this.heading}</h2><div class="actions">${this.actions()}</div></div>
          <p class="lead">${t.account.leads[this.page]}</p>
          ${this.isLoaded ? this.content() : skeleton()}
        </section>
      </div>
    `;
  }

  get heading() {
    return t.account[this.page];
  }

  /** @returns {unknown} */
  actions() {
    return nothing;
  }
}
