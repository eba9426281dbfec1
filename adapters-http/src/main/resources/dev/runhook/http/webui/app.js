import { html, nothing, render } from "lit";
import { t } from "./messages.js";
import { session } from "./session.js";
import { createView, errorView, toast } from "./view.js";
import "./time.js";
import "./sign-in-view.js";
import "./stacks-view.js";
import "./runs-view.js";
import "./run-view.js";
import "./settings-view.js";
import "./integrations-view.js";
import "./webhook-edit-view.js";
import "./deliveries-view.js";
import "./delivery-view.js";
import "./health-view.js";

/// Maps the path after the # to a view. The fragment is never sent to the server.
const WEBHOOKS = "stacks/:stack/settings/integrations";
const ROUTES = [
  ["", "rh-stacks", "Stacks", () => []],
  ["stacks", "rh-stacks", "Stacks", () => []],
  ["stacks/:stack", "rh-runs", at => at.stack, () => []],
  ["stacks/:stack/runs", "rh-runs", at => at.stack, () => []],
  ["stacks/:stack/runs/:run", "rh-run", at => at.run, at => [toStack(at)]],
  ["stacks/:stack/settings", "rh-integrations", "Integrations", at => [toStack(at)]],
  ["stacks/:stack/settings/general", "rh-settings", "General", at => [toStack(at)]],
  ["stacks/:stack/settings/integrations", "rh-integrations", "Integrations", at => [toStack(at)]],
  [`${WEBHOOKS}/new`, "rh-webhook-new", "Add webhook", at => [toStack(at), toIntegrations(at)]],
  [`${WEBHOOKS}/:webhook`, "rh-webhook-edit", "Webhook", at => [toStack(at), toIntegrations(at)]],
  [`${WEBHOOKS}/:webhook/deliveries`, "rh-deliveries", "Deliveries", at => [toStack(at), toIntegrations(at)]],
  [
    `${WEBHOOKS}/:webhook/deliveries/:delivery`,
    "rh-delivery",
    "Delivery",
    at => [toStack(at), toIntegrations(at), toDeliveries(at)],
  ],
  [`${WEBHOOKS}/:webhook/health`, "rh-health", "Health", at => [toStack(at), toIntegrations(at)]],
  ["deliveries/:delivery", "rh-delivery", "Delivery", () => []],
];

function toStack({ stack }) {
  return [stack, `#/stacks/${encodeURIComponent(stack)}`];
}

function toIntegrations({ stack }) {
  return ["Integrations", `#/stacks/${encodeURIComponent(stack)}/settings/integrations`];
}

function toDeliveries({ stack, webhook }) {
  const base = `#/stacks/${encodeURIComponent(stack)}/settings/integrations`;
  return ["Deliveries", `${base}/${encodeURIComponent(webhook)}/deliveries`];
}

const main = document.querySelector("main");
const crumbs = document.querySelector(".crumbs");
const userMenu = document.querySelector(".user");

function match(path) {
  for (const [pattern, tag, name, trail] of ROUTES) {
    const names = [];
    const syntax = new RegExp("^" + pattern.replace(/:(\w+)/g, (_, param) => (names.push(param), "([^/]+)")) + "$");
    const found = syntax.exec(path);
    if (found) {
      const params = {};
      try {
        names.forEach((param, i) => (params[param] = decodeURIComponent(found[i + 1])));
      } catch {
        return null;
      }
      return { tag, params, name: typeof name === "function" ? name(params) : name, trail: trail(params) };
    }
  }
  return null;
}

/// The path and the parameters after the #.
function currentLocation() {
  const [path, parameters] = location.hash.split("?");
  return {
    path: path.replace(/^#?\/?/, "").replace(/\/$/, ""),
    query: Object.fromEntries(new URLSearchParams(parameters)),
  };
}

const show = view => main.replaceChildren(view);

/// Asks before unsaved changes are discarded.
function mayLeave() {
  return !main.firstElementChild?.hasUnsavedChanges?.() || confirm(t.discardChanges);
}

function navigate(event) {
  if (!session.me) return;
  if (event?.type === "hashchange" && !mayLeave()) {
    history.pushState(null, "", event.oldURL);
    return;
  }
  const { path, query } = currentLocation();
  const found = match(path);
  const { stack } = found?.params ?? {};
  document.title = [found?.name, stack, "Runhook"]
    .filter((part, i, all) => part && part !== "Stacks" && all.indexOf(part) === i)
    .join(" · ");
  render(breadcrumb(found), crumbs);
  show(
    found
      ? createView(found.tag, { ...found.params, query })
      : errorView({ status: 404, message: t.page.notFound }),
  );
  if (event) {
    focusView();
    window.scrollTo(0, 0);
  }
}

function breadcrumb(found) {
  if (!found) return nothing;
  const trail = found.name === "Stacks" ? [] : [["Stacks", "#/"], ...found.trail];
  return html`
    <ol>
      ${trail.map(([text, href]) => html`<li><a href=${href} dir="auto">${text}</a></li>`)}
      ${found.name === "Stacks" ? nothing : html`<li aria-current="page" dir="auto">${found.name}</li>`}
    </ol>
  `;
}

/// Moves the focus to the heading, so that keyboard and screen reader users continue in the new view. A
/// view that has already set the focus keeps it.
async function focusView() {
  await main.firstElementChild.updateComplete;
  if (main.contains(document.activeElement)) return;
  (main.querySelector("h1") ?? main).focus({ preventScroll: true });
}

function switchTheme() {
  const prefersDark = matchMedia("(prefers-color-scheme: dark)").matches;
  const current = document.documentElement.dataset.theme ?? (prefersDark ? "dark" : "light");
  const next = current === "dark" ? "light" : "dark";
  document.documentElement.dataset.theme = next;
  localStorage.setItem("runhook.theme", next);
}

function showUser(me) {
  if (!me) render(nothing, crumbs);
  render(
    html`
      ${me ? account(me) : nothing}
      <button class="plain" type="button" title="Theme" aria-label=${t.page.theme} @click=${switchTheme}>◐</button>
      ${me ? html`<button class="plain" type="button" @click=${signOut}>${t.page.signOut}</button>` : nothing}
    `,
    userMenu,
  );
}

function account(me) {
  const scope = me.stacks ? `, limited to ${me.stacks.join(", ")}` : "";
  const expiry = me.expiresAt ? `; the session expires ${new Date(me.expiresAt).toLocaleString()}` : "";
  const details = me.name ? `${me.name}: ${me.role} of ${me.account}${scope}${expiry}` : nothing;
  return html`<span class="me" title=${details}><b>${me.account}</b> <span class="role">${me.role}</span></span>`;
}

/// If the server is unreachable, the session continues, and the page says so.
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

function showSignIn(note) {
  showUser(null);
  document.title = "Sign in · Runhook";
  show(createView("rh-sign-in", { note }));
}

function onSignedIn(event) {
  showUser(session.me);
  navigate(event);
}

const savedTheme = localStorage.getItem("runhook.theme");
if (savedTheme) document.documentElement.dataset.theme = savedTheme;

window.addEventListener("hashchange", navigate);
window.addEventListener("beforeunload", event => {
  if (session.me && main.firstElementChild?.hasUnsavedChanges?.()) event.preventDefault();
});
window.addEventListener("signed-in", onSignedIn);
window.addEventListener("session-expired", () => {
  if (!session.me) return;
  session.clear();
  showSignIn(t.page.expired);
});
let connectionToast = null;
window.addEventListener("connection", event => {
  connectionToast?.remove();
  connectionToast = event.detail ? null : toast(t.page.offline, true);
});
document.querySelector(".skip").addEventListener("click", event => {
  event.preventDefault();
  focusView();
});

// A returning user sees the view for the last known role immediately, while the server confirms it.
const role = session.recall();
if (role) {
  onSignedIn(null);
  session.fetch().then(
    me => {
      showUser(me);
      if (me.role !== role) navigate(null);
    },
    problem => {
      if (problem.status === undefined) throw problem;
    },
  );
} else {
  showSignIn(null);
}
