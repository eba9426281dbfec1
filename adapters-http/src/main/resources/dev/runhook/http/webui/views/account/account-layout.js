import { html, nothing } from "lit";
import { title } from "../../components/view.js";
import { t } from "../../text/messages.js";
import { texts } from "../../text/messages-en-account.js";
import { session } from "../../api/session.js";
import { links } from "../stack/stack-layout.js";

const PAGES = ["tokens", "webhooks", "sessions", "audit", "payloads", "settings"];

/**
 * The account of administrators: the navigation, and the content of the current page.
 *
 * @param {unknown} actions
 */
export function accountLayout(current, content, actions = nothing, heading = t.account[current]) {
  const pages = PAGES.filter(page => !(page === "webhooks" ? session.me.stacks : page === "sessions" && session.isOfHost));
  const items = pages.map(page => [t.account[page], `#/account/${page}`, page === current]);
  return html`
    ${title(t.account.title)}
    <div class="aside">
      <nav aria-label=${t.account.title}>${links(items)}</nav>
      <section class="stackup">
        <div class="title"><h2 dir="auto">${heading}</h2><div class="actions">${actions}</div></div>
        <p class="lead">${texts.leads[current]}</p>
        ${content}
      </section>
    </div>
  `;
}
