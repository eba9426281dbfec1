import { html, nothing, render } from "lit";
import { t } from "../text/messages.js";

/** The path whose complete breadcrumb the user wants to see. */
let expanded = null;

/**
 * Shows where the user is. On narrow screens, one button stands for the links between the first and the last one,
 * until it is pressed.
 *
 * @param trail texts and addresses, from the area to the current view
 */
export function showBreadcrumb(element, trail, path) {
  const expand = () => {
    expanded = path;
    showBreadcrumb(element, trail, path);
    element.querySelector(".middle a").focus();
  };
  const more = html`
    <li class="rest"><button type="button" class="plain" aria-label=${t.page.completeBreadcrumb} @click=${expand}>…</button></li>
  `;
  const isMiddle = i => i > 0 && i < trail.length - 2;
  const items = trail.map(([text, href], i) =>
    i === trail.length - 1
      ? html`<li aria-current="page"><span dir="auto">${text}</span></li>`
      : html`
          <li class=${isMiddle(i) ? "middle" : nothing}><a href=${href} dir="auto">${text}</a></li>
          ${i === 0 && isMiddle(1) ? more : nothing}
        `,
  );
  render(trail.length > 1 ? html`<ol class=${expanded === path ? "all" : nothing}>${items}</ol>` : nothing, element);
}
