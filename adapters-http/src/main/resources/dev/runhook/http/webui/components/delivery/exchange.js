/** The request and the response of an attempt. */

import { html, nothing } from "lit";
import { namedCopyButton } from "../clipboard.js";
import { t } from "../../text/messages.js";
import { outcomeBadge } from "../status-badges.js";
import { escaped, sentence } from "../../text/text.js";
import { clockTime, duration } from "../../text/time.js";

/** @param attempt an attempt that has finished */
export function response(attempt) {
  const { responseHeaders, responseBody, responseTruncated, error } = attempt;
  return html`
    <div class="stackup">
      <p class="actions">
        ${outcomeBadge(attempt)}
        <span>${duration(attempt.durationMs)}</span>
        <span class="quiet">${clockTime(attempt.startedAt)}</span>
      </p>
      ${error ? html`<p>${sentence(error)}</p>` : nothing}
      ${responseHeaders
        ? html`
            ${responseBody
              ? body(responseBody, t.delivery.responseBody)
              : html`<p class="quiet">${t.delivery.emptyBody}</p>`}
            ${responseTruncated ? html`<p class="quiet small">${t.delivery.truncated}</p>` : nothing}
            ${headers(responseHeaders)}
          `
        : nothing}
    </div>
  `;
}

/** @param request the request as the API shows it */
export function request(shown) {
  const { source, attempt, endpoint, headers: sent, body: payload, bodySha256 } = shown;
  return html`
    <details class="card">
      <summary><h2>${t.delivery.request}</h2></summary>
      <div class="stackup">
        <p class="hint">${t.delivery.sources[source]({ attempt, endpoint })}</p>
        ${payload === null
          ? html`<p class="quiet">${t.delivery.erased} <code>${bodySha256}</code></p>`
          : html`
              <p class="actions">
                ${namedCopyButton(curlOf(shown), t.delivery.copyCurl, "c")}
                ${namedCopyButton(payload, t.delivery.copyBody)}
              </p>
              ${body(payload, t.delivery.requestBody)}
            `}
        ${headers(sent)}
      </div>
    </details>
  `;
}

export const body = (text, label) =>
  html`<pre class="payload" tabindex="0" aria-label=${label}>${formatted(text)}</pre>`;

function headers(named) {
  const all = Object.entries(named);
  return html`
    <details>
      <summary>${t.delivery.headers(all.length)}</summary>
      <table class="headers">
        <tbody>${all.map(([name, value]) => html`<tr><th scope="row">${name}</th><td>${value}</td></tr>`)}</tbody>
      </table>
      ${namedCopyButton(all.map(header => header.join(": ")).join("\n"), t.delivery.copyHeaders)}
    </details>
  `;
}

/** Formats JSON for reading. The copy button copies the original text. */
function formatted(text) {
  try {
    return escaped(JSON.stringify(JSON.parse(text), null, 2));
  } catch {
    return escaped(text);
  }
}

/** A command that sends a request again, without the body if that is erased. */
export function curlOf({ endpoint, headers: sent, body: payload }) {
  const quote = text => `'${text.replaceAll("'", "'\\''")}'`;
  const lines = Object.entries(sent).map(([name, value]) => `-H ${quote(`${name}: ${value}`)}`);
  const data = payload === null ? [] : [`--data-binary ${quote(payload)}`];
  return [`curl ${quote(endpoint)}`, ...lines, ...data].join(" \\\n  ");
}
