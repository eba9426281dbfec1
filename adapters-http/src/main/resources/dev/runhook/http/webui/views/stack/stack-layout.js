import { html, nothing } from "lit";
import { e } from "../../api/api.js";
import { nameOf } from "../../api/names.js";
import { title } from "../../components/view.js";
import { t } from "../../text/messages.js";
import { webhookBadge, isDisabledByUser, describeHealth } from "../../components/status-badges.js";
import { cut } from "../../text/text.js";
import { byCause } from "../causes.js";

const MAX_PROBLEMS = 5;

/** Links of a navigation, as `[text, address, is current, key]`. */
export function links(items) {
  return items.map(
    ([text, href, current, key]) => html`
      <a href=${href} aria-current=${current ? "page" : nothing} aria-keyshortcuts=${key ?? nothing}>${text}</a>
    `,
  );
}

/** The navigation that all views of a stack or a webhook share. It is above what can move it when data arrives. */
export const tabs = (items, label) => html`<nav class="tabs" aria-label=${label}>${links(items)}</nav>`;

export function stackTabs(stack, current) {
  const base = `#/stacks/${e(stack)}`;
  return tabs(
    [
      [t.runs.title, base, current === "runs"],
      [t.settings, `${base}/settings/integrations`, current === "settings"],
    ],
    t.home.stack,
  );
}

/** Lists the webhooks of a stack that are not healthy, with the reason. Those that a user disabled come last. */
export function webhookProblems(webhooks) {
  const problems = webhooks.filter(describeHealth);
  if (problems.length === 0) return nothing;
  problems.sort((one, other) => Number(isDisabledByUser(one)) - Number(isDisabledByUser(other)));
  const isCalm = problems.every(isDisabledByUser);
  const base = `#/stacks/${e(problems[0].stack)}/settings/integrations`;
  const causes = byCause(problems);
  return html`
    <section aria-label=${t.texts.webhookCounts.problems} class="problems">
      <ul class="card problem-list ${isCalm ? "calm" : ""}">
        ${causes.slice(0, MAX_PROBLEMS).map(
          ([, [webhook, ...others]]) => html`
            <li>
              ${webhookBadge(webhook)}
              <a class="name lines2" href="${base}/${e(webhook.id)}/health" dir="auto">
                ${webhook.name || webhook.endpoint}
              </a>
              ${others.length > 0 ? html`<a href=${base}>${t.stacks.moreLabels(others.length)}</a>` : nothing}
              <p class="small">${describeHealth(webhook)}</p>
            </li>
          `,
        )}
        ${causes.length > MAX_PROBLEMS
          ? html`<li><a href=${base}>${t.texts.webhookCounts.all(problems.length)}</a></li>`
          : nothing}
      </ul>
    </section>
  `;
}

/** The settings of a stack: the navigation, and the content of the current page. */
export function settingsLayout(stack, current, content) {
  const base = `#/stacks/${e(stack)}/settings`;
  const items = [
    [t.nav.integrations, `${base}/integrations`, current === "integrations"],
    [t.nav.general, `${base}/general`, current === "general"],
  ];
  return html`
    ${stackTabs(stack, "settings")}
    <div class="aside">
      <nav aria-label=${t.settings}>${links(items)}</nav>
      <div>${title(nameOf(stack) ?? stack)}${content}</div>
    </div>
  `;
}

/**
 * A link to a URL that a user provided, or plain text if its scheme is not http or https, or if it has user info, which
 * can look like another host.
 */
export function externalLink(url, text) {
  const { protocol, username, password } = URL.parse(url) ?? {};
  const isSafe = ["http:", "https:"].includes(protocol) && !username && !password;
  return isSafe
    ? html`<a href=${url} rel="noreferrer noopener" target="_blank">${text}</a>`
    : html`<span>${text}</span>`;
}

export function commitLine(commit) {
  const hash = html`<code>${cut(commit.hash, 9)}</code>`;
  return html`
    <span>
      ${commit.url ? externalLink(commit.url, hash) : hash}
      ${commit.message ? html`<span class="two lines2" dir="auto">${commit.message}</span>` : nothing}
    </span>
  `;
}
