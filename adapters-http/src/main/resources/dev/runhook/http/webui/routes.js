import { e } from "./api/api.js";
import { t } from "./text/messages.js";
import { nameOf } from "./api/names.js";

const search = () => [t.search.title];
const stacks = () => [t.nav.stacks, "#/stacks"];
const stack = at => [nameOf(at.stack) ?? at.stack, `#/stacks/${e(at.stack)}`];
const integrations = at => [t.nav.integrations, `#/stacks/${e(at.stack)}/settings/integrations`];
const webhook = at => [nameOf(at.webhook) ?? t.nav.webhook, `${integrations(at)[1]}/${e(at.webhook)}`];
const deliveries = at => [t.deliveries, `${webhook(at)[1]}/deliveries`];
const receivers = () => [t.receivers.title, "#/receivers"];
const allDeliveries = () => [t.deliveries, "#/deliveries"];
const delivery = at => [nameOf(at.delivery) ?? t.nav.delivery];
const account = () => [t.account.title, "#/account/tokens"];
const accountWebhooks = () => [t.account.webhooks, "#/account/webhooks"];
const accountWebhook = at => [nameOf(at.webhook) ?? t.nav.webhook];
const accountPage = page => () => [t.account[page]];

/**
 * Maps the path after the # to a view and its place, which the breadcrumb and the page title name. The fragment is
 * never sent to the server.
 */
const STACK = "stacks/:stack";
const WEBHOOK = `${STACK}/settings/integrations/:webhook`;
/** @type {[string, string, ((at: any) => string[])[]][]} */
const ROUTES = [
  ["", "rh-home", [() => [t.nav.home, "#/"]]],
  ["sign-in/:code", "rh-sign-in-link", [() => [t.page.signIn]]],
  ["search", "rh-search", [search]],
  ["stacks", "rh-stacks", [stacks]],
  [STACK, "rh-runs", [stacks, stack]],
  [`${STACK}/runs`, "rh-runs", [stacks, stack]],
  [`${STACK}/day`, "rh-day", [stacks, stack, () => [t.runs.day]]],
  [`${STACK}/runs/:run`, "rh-run", [stacks, stack, at => [at.run]]],
  [`${STACK}/settings`, "rh-integrations", [stacks, stack, integrations]],
  [`${STACK}/settings/general`, "rh-settings", [stacks, stack, () => [t.nav.general]]],
  [`${STACK}/settings/integrations`, "rh-integrations", [stacks, stack, integrations]],
  [`${STACK}/settings/integrations/new`, "rh-webhook-new", [stacks, stack, integrations, () => [t.webhook.add]]],
  [WEBHOOK, "rh-webhook-edit", [stacks, stack, integrations, webhook]],
  [`${WEBHOOK}/deliveries`, "rh-deliveries", [stacks, stack, integrations, webhook, deliveries]],
  [`${WEBHOOK}/deliveries/:delivery`, "rh-delivery", [stacks, stack, integrations, webhook, deliveries, delivery]],
  [`${WEBHOOK}/receiver`, "rh-receiver", [stacks, stack, integrations, webhook, () => [t.receiver.title]]],
  [`${WEBHOOK}/health`, "rh-health", [stacks, stack, integrations, webhook, () => [t.nav.health]]],
  ["receivers", "rh-receivers", [receivers]],
  ["deliveries", "rh-all-deliveries", [allDeliveries]],
  ["deliveries/:delivery", "rh-delivery", [allDeliveries, delivery]],
  ["account", "rh-tokens", [account, accountPage("tokens")]],
  ["account/tokens", "rh-tokens", [account, accountPage("tokens")]],
  ["account/webhooks", "rh-account-webhooks", [account, accountPage("webhooks")]],
  ["account/webhooks/new", "rh-account-webhook-edit", [account, accountWebhooks, () => [t.webhook.add]]],
  ["account/webhooks/:webhook", "rh-account-webhook-edit", [account, accountWebhooks, accountWebhook]],
  ["account/sessions", "rh-sessions", [account, accountPage("sessions")]],
  ["account/audit", "rh-audit", [account, accountPage("audit")]],
  ["account/payloads", "rh-payloads", [account, accountPage("payloads")]],
  ["account/settings", "rh-server-settings", [account, accountPage("settings")]],
];

/** The areas that every page links to. */
export const areasOf = user => [stacks, receivers, allDeliveries, ...(user.may("admin") ? [account] : [])];

/** Returns the view, the parameters and the place of a path, or null if there is none. */
export function match(path) {
  for (const [pattern, tag, place] of ROUTES) {
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
      return { tag, params, place };
    }
  }
  return null;
}
