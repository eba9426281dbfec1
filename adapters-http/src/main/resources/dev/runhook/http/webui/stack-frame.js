import { h, outward } from "./dom.js";
import { e } from "./api.js";
import { healthMark, isSwitchedOff, standing } from "./marks.js";

const MOST_TROUBLES = 5;

/// What is around every view of one stack: its tabs.
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
    "Parts of the stack",
  );
}

/// Which webhooks of a stack do not do well, and why, those first that nobody wants so; nothing
/// where all do.
export function troubles(webhooks) {
  const ill = webhooks.map(webhook => [webhook, standing(webhook)]).filter(([, words]) => words);
  if (ill.length === 0) return [];
  ill.sort(([one], [other]) => isSwitchedOff(one) - isSwitchedOff(other));
  const more = ill.length - MOST_TROUBLES;
  return [
    h(
      "ul",
      { class: ill.every(([webhook]) => isSwitchedOff(webhook)) ? "card troubles calm" : "card troubles" },
      ill.slice(0, MOST_TROUBLES).map(([webhook, words]) =>
        h(
          "li",
          {},
          healthMark(webhook),
          h("a", { class: "name lines2", href: `#/stacks/${e(webhook.stack)}/settings/integrations/${e(webhook.id)}/health` }, webhook.name || webhook.endpoint),
          h("p", { class: "small" }, words),
        ),
      ),
      more > 0 ? h("li", {}, h("a", { href: `#/stacks/${e(ill[0][0].stack)}/settings/integrations` }, `${more} more under Integrations`)) : null,
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
    ].map(([text, href, here]) => h("a", { href, "aria-current": here ? "page" : null }, text)),
  );
}

export function commitLine(commit) {
  const short = commit.hash.slice(0, 9);
  return h(
    "span",
    {},
    commit.url ? outward(commit.url, h("code", {}, short)) : h("code", {}, short),
    commit.message ? h("span", { class: "two lines2" }, commit.message) : null,
  );
}
