import { h } from "./dom.js";
import { session } from "./session.js";
import { toast, trouble } from "./view.js";
import "./time.js";
import "./sign-in-view.js";
import "./stacks-view.js";
import "./runs-view.js";
import "./run-view.js";
import "./general-view.js";
import "./integrations-view.js";
import "./webhook-edit-view.js";
import "./deliveries-view.js";
import "./delivery-view.js";
import "./health-view.js";

/// The way from an address to a view. Addresses are behind the #, so that the server needs to know
/// none of them and no token or name of a stack is ever sent as one.
const ROUTES = [
  ["", "rh-stacks", "Stacks", () => []],
  ["stacks", "rh-stacks", "Stacks", () => []],
  ["stacks/:stack", "rh-runs", at => at.stack, () => []],
  ["stacks/:stack/runs", "rh-runs", at => at.stack, () => []],
  ["stacks/:stack/runs/:run", "rh-run", at => at.run, at => [toStack(at)]],
  ["stacks/:stack/settings", "rh-integrations", "Integrations", at => [toStack(at)]],
  ["stacks/:stack/settings/general", "rh-general", "General", at => [toStack(at)]],
  ["stacks/:stack/settings/integrations", "rh-integrations", "Integrations", at => [toStack(at)]],
  ["stacks/:stack/settings/integrations/new", "rh-webhook-new", "Add webhook", at => [toStack(at), toIntegrations(at)]],
  ["stacks/:stack/settings/integrations/:webhook", "rh-webhook-edit", "Webhook", at => [toStack(at), toIntegrations(at)]],
  ["stacks/:stack/settings/integrations/:webhook/deliveries", "rh-deliveries", "Deliveries", at => [toStack(at), toIntegrations(at)]],
  ["stacks/:stack/settings/integrations/:webhook/deliveries/:delivery", "rh-delivery", "Delivery", at => [toStack(at), toIntegrations(at), toDeliveries(at)]],
  ["stacks/:stack/settings/integrations/:webhook/health", "rh-health", "Health", at => [toStack(at), toIntegrations(at)]],
  ["deliveries/:delivery", "rh-delivery", "Delivery", () => []],
];

function toStack({ stack }) {
  return [stack, `#/stacks/${encodeURIComponent(stack)}`];
}

function toIntegrations({ stack }) {
  return ["Integrations", `#/stacks/${encodeURIComponent(stack)}/settings/integrations`];
}

function toDeliveries({ stack, webhook }) {
  return ["Deliveries", `#/stacks/${encodeURIComponent(stack)}/settings/integrations/${encodeURIComponent(webhook)}/deliveries`];
}

const main = document.querySelector("main");
const crumbs = document.querySelector(".crumbs");
const who = document.querySelector(".who");

function match(path) {
  for (const [pattern, tag, name, trail] of ROUTES) {
    const names = [];
    const form = new RegExp("^" + pattern.replace(/:(\w+)/g, (_, param) => (names.push(param), "([^/]+)")) + "$");
    const found = form.exec(path);
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

function place() {
  return location.hash.replace(/^#?\/?/, "").replace(/\/$/, "");
}

function show(tag, params) {
  const view = document.createElement(tag);
  view.params = params;
  main.replaceChildren(view);
}

function navigate(event) {
  if (!session.me) return;
  const found = match(place());
  const { stack } = found?.params ?? {};
  document.title = [found?.name, stack, "Runhook"].filter((part, i, all) => part && part !== "Stacks" && all.indexOf(part) === i).join(" · ");
  const trail = found ? found.trail : [];
  crumbs.replaceChildren(
    h(
      "ol",
      {},
      trail.map(([text, href]) => h("li", {}, h("a", { href }, text))),
      found && found.name !== "Stacks" ? h("li", { "aria-current": "page" }, found.name) : "",
    ),
  );
  if (!found) {
    main.replaceChildren(trouble({ status: 404, message: "There is nothing at this address." }));
  } else {
    show(found.tag, found.params);
  }
  if (event) {
    arrive();
    window.scrollTo(0, 0);
  }
}

/// Whoever goes on by keys goes on from here, and hears where they are; unless the view has a better
/// place to begin with.
function arrive() {
  if (main.contains(document.activeElement)) return;
  (main.querySelector("h1") ?? main).focus({ preventScroll: true });
}

function theme() {
  const dark = matchMedia("(prefers-color-scheme: dark)").matches;
  const now = document.documentElement.dataset.theme ?? (dark ? "dark" : "light");
  const next = now === "dark" ? "light" : "dark";
  document.documentElement.dataset.theme = next;
  localStorage.setItem("runhook.theme", next);
}

function identify(me) {
  const button = h("button", { class: "plain", type: "button", title: "Light or dark", "aria-label": "Switch between light and dark", onclick: theme }, "◐");
  if (!me) {
    crumbs.replaceChildren();
    who.replaceChildren(button);
    return;
  }
  const reach = me.stacks ? `, limited to ${me.stacks.join(", ")}` : "";
  const until = me.expiresAt ? `; the session ends ${new Date(me.expiresAt).toLocaleString()} at the latest` : "";
  who.replaceChildren(
    h("span", { class: "me", title: me.name ? `${me.name}: ${me.role} of ${me.account}${reach}${until}` : null }, h("b", {}, me.account), " ", h("span", { class: "role" }, me.role)),
    button,
    h("button", { class: "plain", type: "button", onclick: signOut }, "Sign out"),
  );
}

/// Where the server cannot be told, its session goes on, and the page says so.
async function signOut() {
  try {
    await session.end();
  } catch (problem) {
    if (problem.status === undefined) throw problem;
    if (problem.status !== 401) return toast(`You are still signed in: ${problem.message}`);
    session.forget();
  }
  askForToken("You are signed out.");
}

function askForToken(note) {
  identify(null);
  document.title = "Sign in · Runhook";
  show("rh-sign-in", { note });
}

function signedIn(event) {
  identify(session.me);
  navigate(event);
}

const chosen = localStorage.getItem("runhook.theme");
if (chosen) document.documentElement.dataset.theme = chosen;

window.addEventListener("hashchange", navigate);
window.addEventListener("signed-in", signedIn);
window.addEventListener("session-over", () => {
  if (!session.me) return;
  session.forget();
  askForToken("The session is over; sign in again.");
});
let lost = null;
window.addEventListener("connection", event => {
  lost?.remove();
  lost = event.detail ? null : toast("The server cannot be reached. What you see may be out of date.", true);
});
document.querySelector(".skip").addEventListener("click", event => {
  event.preventDefault();
  arrive();
});

// Whoever was here before sees the view at once, as it was for their role; the server says who they
// are meanwhile.
const role = session.recall();
if (role) {
  signedIn(null);
  session.find().then(
    me => {
      identify(me);
      if (me.role !== role) navigate(null);
    },
    problem => {
      if (problem.status === undefined) throw problem;
    },
  );
} else {
  askForToken(null);
}
