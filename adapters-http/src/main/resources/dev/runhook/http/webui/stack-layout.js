import { h, externalLink } from "./dom.js";
import { e } from "./api.js";
import { webhookBadge, isDisabledByUser, describeStatus } from "./status-badges.js";

const MAX_PROBLEMS = 5;

/// The navigation that all views of a stack share.
export function tabs(links, label) {
  return h(
    "nav",
    { class: "tabs", "aria-label": label },
    links.map(([text, href, current]) => h("a", { href, "aria-current": current ? "page" : null }, text)),
  );
}

export function stackTabs(stack, current) {
  const base = `#/stacks/${e(stack)}`;
  return tabs(
    [
      ["Runs", base, current === "runs"],
      ["Settings", `${base}/settings/integrations`, current === "settings"],
    ],
    "Stack",
  );
}

/// Lists the webhooks of a stack that are not healthy, with the reason. Those that a user disabled come last.
export function webhookProblems(webhooks) {
  const problems = webhooks.map(webhook => [webhook, describeStatus(webhook)]).filter(([, text]) => text);
  if (problems.length === 0) return [];
  problems.sort(([one], [other]) => isDisabledByUser(one) - isDisabledByUser(other));
  const isCalm = problems.every(([webhook]) => isDisabledByUser(webhook));
  const base = `#/stacks/${e(problems[0][0].stack)}/settings/integrations`;
  return [
    h(
      "ul",
      { class: isCalm ? "card problem-list calm" : "card problem-list" },
      problems.slice(0, MAX_PROBLEMS).map(([webhook, text]) =>
        h(
          "li",
          {},
          webhookBadge(webhook),
          h("a", { class: "name lines2", href: `${base}/${e(webhook.id)}/health` }, webhook.name || webhook.endpoint),
          h("p", { class: "small" }, text),
        ),
      ),
      problems.length > MAX_PROBLEMS
        ? h("li", {}, h("a", { href: base }, `Show all ${problems.length} webhooks`))
        : null,
    ),
  ];
}

export function settingsNav(stack, current) {
  const base = `#/stacks/${e(stack)}/settings`;
  return h(
    "nav",
    { "aria-label": "Settings" },
    [
      ["Integrations", `${base}/integrations`, current === "integrations"],
      ["General", `${base}/general`, current === "general"],
    ].map(([text, href, isCurrent]) => h("a", { href, "aria-current": isCurrent ? "page" : null }, text)),
  );
}

export function commitLine(commit) {
  const short = commit.hash.slice(0, 9);
  return h(
    "span",
    {},
    commit.url ? externalLink(commit.url, h("code", {}, short)) : h("code", {}, short),
    commit.message ? h("span", { class: "two lines2" }, commit.message) : null,
  );
}
