/** Draws messages as chats and PagerDuty show them, from the body of the request. */

import { html, nothing } from "lit";

/** A link that cannot be followed. The preview is about a run that does not exist. */
const link = (text, url) => html`<span class="link" title=${url}>${text}</span>`;

const unescaped = text => text.replace(/&(lt|gt|amp);/g, (_, name) => ({ lt: "<", gt: ">", amp: "&" })[name]);

/** The links and bold texts of Slack's mrkdwn. */
function mrkdwn(text) {
  return text.split(/(\*.+?\*|<[^|>]+\|[^>]*>)/s).map(part => {
    const bold = /^\*(.+)\*$/s.exec(part);
    if (bold) return html`<b>${mrkdwn(bold[1])}</b>`;
    const [, url, name] = /^<([^|>]+)\|([^>]*)>$/s.exec(part) ?? [];
    return url ? link(unescaped(name), unescaped(url)) : unescaped(part);
  });
}

const line = content => html`<p dir="auto">${content}</p>`;

const fact = ([name, value]) => html`<div><dt>${name}</dt><dd dir="auto">${value}</dd></div>`;

function slack({ text, blocks = [] }) {
  if (blocks.length === 0) return line(text);
  return blocks.map(block => html`
    ${block.text ? line(mrkdwn(block.text.text)) : nothing}
    ${block.fields
      ? html`<div class="two-columns">${block.fields.map(field => line(mrkdwn(field.text)))}</div>`
      : nothing}
    ${block.elements ? html`<p class="hint">${block.elements.map(element => mrkdwn(element.text))}</p>` : nothing}
  `);
}

const run = ({ text, weight, selectAction }) => {
  const content = selectAction ? link(text, selectAction.url) : text;
  return weight === "Bolder" ? html`<b>${content}</b>` : content;
};

const msteams = ({ attachments }) => attachments.map(({ content: { body, actions = [] } }) => html`
  ${body.map(({ inlines }) => line(inlines.map(run)))}
  ${actions.length > 0 ? html`<p>${actions.map(({ title, url }) => html`${link(title, url)} `)}</p>` : nothing}
`);

const pagerduty = ({ event_action: action, payload, links = [] }) => html`
  <p dir="auto"><b>${payload?.summary ?? action}</b></p>
  ${payload ? html`<p class="hint">${payload.severity} · ${payload.source}</p>` : nothing}
  <dl class="facts">${Object.entries(payload?.custom_details ?? {}).map(fact)}</dl>
  ${links.length > 0 ? html`<p>${links.map(({ text, href }) => html`${link(text, href)} `)}</p>` : nothing}
`;

const CARDS = { slack, msteams, pagerduty };

/** Returns the message, or null if the format is for programs. */
export function messageCard(format, body, label) {
  const card = CARDS[format]?.(JSON.parse(body));
  return card ? html`<div class="message ${format}" role="group" aria-label=${label}>${card}</div>` : null;
}
