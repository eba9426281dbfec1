import { html, nothing, render } from "lit";
import { showBreadcrumb } from "./components/breadcrumb.js";
import { focusRow, rememberRows, showKeys } from "./components/keys.js";
import { t } from "./text/messages.js";
import { currentLocation, query } from "./api/query.js";
import { areasOf, match } from "./routes.js";
import { session } from "./api/session.js";
import { createView, errorView, facts, focusHeading, toast } from "./components/view.js";
import { areExact, clockTime, switchTimes } from "./text/time.js";
import { watchSender } from "./components/sender.js";

/** Loads the module of a view. The first view does not wait for the others. */
const MODULES = {
  "rh-sign-in": () => import("./views/sign-in-view.js"),
  "rh-sign-in-link": () => import("./views/sign-in-link-view.js"),
  "rh-search": () => import("./views/search-view.js"),
  "rh-home": () => import("./views/home-view.js"),
  "rh-stacks": () => import("./views/stack/stacks-view.js"),
  "rh-runs": () => import("./views/stack/runs-view.js"),
  "rh-day": () => import("./views/stack/day-view.js"),
  "rh-run": () => import("./views/stack/run-view.js"),
  "rh-settings": () => import("./views/stack/settings-view.js"),
  "rh-integrations": () => import("./views/stack/integrations-view.js"),
  "rh-webhook-new": () => import("./views/webhook/webhook-edit-view.js"),
  "rh-webhook-edit": () => import("./views/webhook/webhook-edit-view.js"),
  "rh-deliveries": () => import("./views/webhook/deliveries-view.js"),
  "rh-all-deliveries": () => import("./views/webhook/deliveries-view.js"),
  "rh-delivery": () => import("./views/webhook/delivery-view.js"),
  "rh-receiver": () => import("./views/webhook/receiver-view.js"),
  "rh-health": () => import("./views/webhook/health-view.js"),
  "rh-receivers": () => import("./views/receivers-view.js"),
  "rh-tokens": () => import("./views/account/tokens-view.js"),
  "rh-account-webhooks": () => import("./views/account/account-webhooks-view.js"),
  "rh-account-webhook-edit": () => import("./views/account/account-webhooks-view.js"),
  "rh-sessions": () => import("./views/account/sessions-view.js"),
  "rh-audit": () => import("./views/account/audit-view.js"),
  "rh-payloads": () => import("./views/account/payloads-view.js"),
  "rh-server-settings": () => import("./views/account/server-settings-view.js"),
};

/** @returns {HTMLElement} */
const part = selector => document.querySelector(selector);
const [main, crumbs, areas, searchPart, userMenu, footer] =
  ["main", ".crumbs", ".areas", ".ask", ".user", "footer"].map(part);

const show = view => main.replaceChildren(view);

/** The scroll positions of the entries of the history. A view whose entry has one was shown before. */
const positions = new Map();
let entry = null;

/**
 * Gives the current entry of the history its number, which it keeps when a view changes its URL.
 *
 * @returns the position to scroll to if the user has returned to the entry
 */
function visitEntry() {
  positions.set(entry, window.scrollY);
  rememberRows();
  const { entry: visited = Math.random() } = history.state ?? {};
  history.replaceState({ entry: visited }, "");
  entry = visited;
  return positions.get(visited);
}

const ACTS = ["wheel", "touchstart", "keydown", "pointerdown", "hashchange"];

/** Repeats an action when the content changes, until it returns true. Stops waiting as soon as the user acts. */
function untilDone(action) {
  if (action()) return;
  const onChange = () => action() && stop();
  const observers = [new ResizeObserver(onChange), new MutationObserver(onChange)];
  const stop = () => {
    observers.forEach(each => each.disconnect());
    ACTS.forEach(each => removeEventListener(each, stop));
  };
  ACTS.forEach(each => addEventListener(each, stop));
  observers.forEach(each => each.observe(main, { childList: true, subtree: true }));
}

function scrollDownTo(top) {
  window.scrollTo(0, top);
  return window.scrollY >= top - 1;
}

/** Asks before unsaved changes are discarded. */
function mayLeave() {
  return !main.firstElementChild?.hasUnsavedChanges?.() || confirm(t.discardChanges);
}

async function navigate(event) {
  if (!session.me) {
    if (event) showSignIn(null);
    return;
  }
  if (event?.type === "hashchange" && !mayLeave()) {
    history.pushState(null, "", event.oldURL);
    return;
  }
  const top = visitEntry();
  const { path, query } = currentLocation();
  const found = match(path);
  showPlace();
  /** @type {HTMLInputElement} */ (part("[name=q]")).value = found?.tag === "rh-search" ? (query.q ?? "") : "";
  if (found && !isLoaded(found.tag)) {
    const { hash } = location;
    const problem = await load(found.tag);
    if (!session.me || location.hash !== hash) return; // the user has opened another view
    if (problem) return show(errorView(problem));
  }
  show(
    found
      ? createView(found.tag, { ...found.params, query })
      : errorView({ status: 404, message: t.page.notFound }),
  );
  if (event) {
    focusView();
    untilDone(() => scrollDownTo(top ?? 0));
    if (top !== undefined && event.oldURL) untilDone(() => focusRow(new URL(event.oldURL).hash));
  }
}

const isLoaded = tag => customElements.get(tag) !== undefined;

/**
 * Loads the module of a view.
 *
 * @returns the problem if the server is unreachable
 */
async function load(tag) {
  try {
    await MODULES[tag]();
    return null;
  } catch {
    return { status: 0, message: t.texts.errors.unreachable };
  }
}

/** Shows in the breadcrumb, the title and the navigation where the user is. */
function showPlace() {
  const { path } = currentLocation();
  const found = match(path);
  const trail = found ? found.place.map(each => each(found.params)) : [];
  const isObject = ([text], i) => i === trail.length - 1 || ![t.nav.stacks, t.nav.integrations].includes(text);
  const names = trail.filter(isObject).map(([text]) => text);
  document.title = [...names.toReversed(), "Runhook"].join(" · ");
  showBreadcrumb(crumbs, trail, path);
  render(
    areasOf(session).map(area => {
      const [text, href] = area();
      const current = trail.length === 1 ? "page" : "true";
      return html`<a href=${href} aria-current=${text === trail[0]?.[0] ? current : nothing}>${text}</a>`;
    }),
    areas,
  );
}

/** Moves the focus to the heading of the new view. A view that has set the focus keeps it. */
async function focusView() {
  await main.firstElementChild.updateComplete;
  if (main.contains(document.activeElement)) return;
  focusHeading();
}

/** Switches between the theme of the system and the other one. */
function switchTheme() {
  const { dataset } = document.documentElement;
  if (dataset.theme) {
    delete dataset.theme;
    localStorage.removeItem("runhook.theme");
  } else {
    dataset.theme = matchMedia("(prefers-color-scheme: dark)").matches ? "light" : "dark";
    localStorage.setItem("runhook.theme", dataset.theme);
  }
}

function showUser(me) {
  if (!me) [crumbs, areas].forEach(each => render(nothing, each));
  render(me ? searchForm() : nothing, searchPart);
  render(
    html`
      ${me?.serverVersion ? html`<span class="quiet">Runhook ${me.serverVersion}</span>` : nothing}
      ${"noDocs" in document.documentElement.dataset ? nothing : html`<a href="docs">${t.page.apiReference}</a>`}
      ${me ? [timesButton(), keysButton()] : nothing}
    `,
    footer,
  );
  render(
    html`
      ${me ? userInfo(me) : nothing}
      <button
        class="plain"
        type="button"
        title=${t.page.themeTitle}
        aria-label=${t.page.theme}
        @click=${switchTheme}
      ><i class="half" aria-hidden="true"></i></button>
      ${me && !session.isOfHost
        ? html`<button class="plain" type="button" @click=${signOut}>${t.page.signOut}</button>`
        : nothing}
    `,
    userMenu,
  );
}

/** A search on every page. */
function searchForm() {
  const onSubmit = event => {
    event.preventDefault();
    location.hash = `#/search${query({ q: new FormData(event.target).get("q") })}`;
  };
  return html`
    <form @submit=${onSubmit}>
      <input
        type="search"
        name="q"
        required
        pattern=".*\\S.*"
        aria-keyshortcuts="Control+K"
        aria-label=${t.search.label}
        placeholder=${t.search.placeholder}
        title=${t.search.help}
      >
    </form>
  `;
}

function timesButton() {
  const onClick = () => {
    switchTimes();
    showUser(session.me);
  };
  return html`
    <button class="plain small" type="button" @click=${onClick}>
      ${areExact() ? t.page.relativeTimes : t.page.exactTimes}
    </button>
  `;
}

const keysButton = () => html`
  <button class="plain small" type="button" aria-keyshortcuts="?" @click=${showKeys}>${t.keys.title}</button>
`;

/** The account and the role. A button shows what the user may do. */
function userInfo(me) {
  const { reader, secrets, writer, admin } = t.page.abilities;
  const abilities = [
    [reader, true],
    [secrets, me.canReadSecrets],
    [writer, session.may("writer")],
    [admin, session.may("admin")],
  ].map(([text, may]) => html`<li class=${may ? "may" : "quiet"}>${text}${may ? nothing : t.page.mayNot}</li>`);
  return html`
    <button class="plain me" type="button" popovertarget="access" aria-label=${t.page.access(me)}>
      <b>${me.account}</b> <span class="role">${me.role}</span>
    </button>
    <div id="access" popover>
      <h2>${t.page.accessTitle}</h2>
      ${facts([
        me.name && [session.isOfHost ? t.page.user : t.page.token, html`<bdi>${me.name}</bdi>`],
        [t.tokens.role, t.tokens.roles[me.role]],
        [t.nav.stacks, me.stacks ? me.stacks.join(", ") : t.tokens.allStacks],
        me.expiresAt && [t.page.expires, clockTime(me.expiresAt)],
      ])}
      <ul>${abilities}</ul>
    </div>
  `;
}

/** If the server is unreachable, the session continues, and the page says so. */
async function signOut() {
  try {
    await session.end();
  } catch (problem) {
    if (problem.status === undefined) throw problem;
    if (problem.status !== 401) return toast(t.page.stillSignedIn(problem.message));
    session.clear();
  }
  showSignIn(t.page.signedOut);
}

async function showSignIn(note) {
  showUser(null);
  if (session.isOfHost) return show(errorView({ status: 401, message: t.page.signedOutByHost }));
  document.title = `${t.page.signIn} · Runhook`;
  const found = match(currentLocation().path);
  const { tag, params } = found?.tag === "rh-sign-in-link" ? found : { tag: "rh-sign-in", params: { note } };
  const { hash } = location;
  const problem = isLoaded(tag) ? null : await load(tag);
  if (session.me || location.hash !== hash) return; // the user has signed in or opened another link
  show(problem ? errorView(problem) : createView(tag, params));
}

function onSignedIn(event) {
  showUser(session.me);
  navigate(event);
}

watchSender();

const savedTheme = localStorage.getItem("runhook.theme");
if (savedTheme) document.documentElement.dataset.theme = savedTheme;

history.scrollRestoration = "manual";
window.addEventListener("hashchange", navigate);
window.addEventListener("beforeunload", event => {
  if (session.me && main.firstElementChild?.hasUnsavedChanges?.()) event.preventDefault();
});
window.addEventListener("signed-in", onSignedIn);
window.addEventListener("named", () => session.me && showPlace());
window.addEventListener("session-expired", () => {
  // forms still need the session to keep their input
  queueMicrotask(() => {
    if (!session.me) return;
    session.clear();
    showSignIn(t.page.expired);
  });
});
let connectionToast = null;
window.addEventListener("connection", event => {
  connectionToast?.remove();
  connectionToast = event.detail ? null : toast(t.page.offline, true);
});
let incompleteToast = null;
window.addEventListener("incomplete", event => {
  incompleteToast?.remove();
  incompleteToast = event.detail.length ? toast(t.page.incomplete(event.detail), true) : null;
});
document.querySelector(".skip").addEventListener("click", event => {
  event.preventDefault();
  focusView();
});

// A returning user sees the view for the last known permissions immediately, while the server confirms them.
const known = session.recall();
if (known) onSignedIn(null);
if (known || session.isOfHost) {
  session.fetch().then(
    me => {
      showUser(me);
      if (me.role !== known?.role || me.canReadSecrets !== known.canReadSecrets) navigate(null);
    },
    problem => {
      if (problem.status === undefined && problem.name !== "AbortError") throw problem;
      if (!known && problem.status === 401) showSignIn(null);
      else if (!known && problem.status !== undefined) show(errorView(problem));
    },
  );
} else {
  showSignIn(null);
}

document.documentElement.classList.remove("loading", "deep");

// Loads the other views later, so that they open immediately, even if the server is unreachable.
setTimeout(() => {
  const modules = document.querySelector("template");
  modules.replaceWith(modules.content);
  Object.keys(MODULES).forEach(load);
}, 1000);
