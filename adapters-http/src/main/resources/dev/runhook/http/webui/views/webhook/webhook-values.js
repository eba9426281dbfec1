/** The values of the form for a webhook, and the request bodies for them. */

import { Problem } from "../../api/api.js";
import { t } from "../../text/messages.js";
import { shortDuration } from "../../text/time.js";
import { filterBody, filterValues, hasOtherEvents, withBranch } from "./webhook-filters.js";

const MASK = "***";

/** Whether two values of a request body are equal. */
export const isSame = (one, other) => JSON.stringify(one) === JSON.stringify(other);

/** The values of the form for the selector of an account webhook. */
export function selectorOf(webhook) {
  const { labels, stacks } = webhook?.selector ?? { labels: null, stacks: [] };
  return { labels: labels ?? "", stacks: stacks.join(", ") };
}

/**
 * The values of the form for a webhook, or for a new one.
 *
 * @returns {any}
 */
export function valuesOf(webhook) {
  const { endpoint, name, states, types, driftDetection, timeout, retrySchedule, headers } = webhook ?? {};
  const rows = Object.entries(headers ?? {}).map(([header, value]) => {
    const isStored = value === MASK;
    return { name: header, value: isStored ? "" : value, isStored };
  });
  return {
    endpoint: endpoint ?? "",
    name: name ?? "",
    states: states ?? [],
    types: types ?? [],
    driftDetection: String(driftDetection ?? ""),
    ...filterValues(webhook ?? {}),
    format: webhook?.format ?? "runhook",
    template: webhook?.template ?? "",
    headers: rows,
    hasUnreadableHeaders: headers === null,
    timeout: timeout ? shortDuration(timeout) : "",
    retrySchedule: retrySchedule?.map(shortDuration).join(", ") ?? "",
    maxPerSecond: String(webhook?.maxPerSecond ?? ""),
    maxPerMinute: String(webhook?.maxPerMinute ?? ""),
    collapse: webhook?.collapse ?? false,
    externalId: webhook?.externalId ?? "",
    secret: "",
    ...(webhook ? {} : { enabled: true }),
  };
}

/**
 * The values with an addition to a filter, as it stands in the address of the form: `states:FAILED`, or
 * `branches:!experiments`.
 */
export function withAddition(values, addition) {
  const [, name, value] = /^(states|types|branches):(.+)$/.exec(addition ?? "") ?? [];
  if (name === undefined) return values;
  const others = values[name];
  return { ...values, [name]: name === "branches" ? withBranch(others, value) : [...new Set([...others, value])] };
}

/** Whether a value is set that the form hides at first. */
export function hasAdvanced(values) {
  const { states, types, headers, timeout, retrySchedule, maxPerSecond, maxPerMinute, collapse } = values;
  const count = states.length + types.length + headers.length;
  const hasDelivery = [timeout, retrySchedule, maxPerSecond, maxPerMinute].some(Boolean) || collapse;
  return count > 0 || hasDelivery || hasOtherEvents(values);
}

/**
 * The request body for the values of the form. An existing webhook gets a secret only with a format that needs one.
 *
 * @returns {any}
 */
export function bodyOf(values) {
  const { labels, stacks, ...fields } = values;
  const { endpoint, headers, hasUnreadableHeaders, driftDetection, timeout, retrySchedule, secret, ...others } = fields;
  const named = headers.filter(({ name, value }) => name || value);
  const list = text => text.split(",").map(part => part.trim()).filter(Boolean);
  const delays = list(retrySchedule);
  /** @type {any} */
  const body = {
    ...others,
    endpoint: withScheme(endpoint.trim()),
    driftDetection: driftDetection === "" ? null : driftDetection === "true",
    ...filterBody(values),
    template: values.format === "template" ? values.template : null,
    timeout: timeout.trim() || null,
    retrySchedule: delays.length > 0 ? delays : null,
    maxPerSecond: number(values.maxPerSecond),
    maxPerMinute: number(values.maxPerMinute),
  };
  if (named.length > 0 || !hasUnreadableHeaders) {
    body.headers = Object.fromEntries(
      named.map(({ name, value, isStored }) => [name, isStored && !value ? null : value]),
    );
  }
  if (labels !== undefined) body.selector = { labels: labels.trim() || null, stacks: list(stacks) };
  const isNew = values.enabled !== undefined;
  if (secret && (isNew || values.format === "pagerduty")) body.secret = secret;
  return body;
}

/** A number, or null for a blank field. The server refuses other texts. */
const number = text => (text.trim() === "" ? null : Number.isNaN(Number(text)) ? text : Number(text));

const NAME = String.raw`[\p{L}\p{M}\p{N}_-]+`;
const WITHOUT_SCHEME = new RegExp(String.raw`^${NAME}(\.${NAME})+([:/?].*)?$`, "u");
const PARTS = /^(https?:\/\/)([^/?#@:]+)(.*)$/i;

/** Completes the name of a host, such as example.com/hooks, to a URL, and writes an international name in punycode. */
export function withScheme(url) {
  const complete = WITHOUT_SCHEME.test(url) ? `https://${url}` : url;
  const [, scheme, host, rest] = PARTS.exec(complete) ?? [];
  const isInternational = host && !/^[!-~]+$/.test(host) && URL.canParse(scheme + host);
  return isInternational ? scheme + new URL(scheme + host).hostname + rest : complete;
}

const SERVICES = {
  slack: /^hooks\.slack(-gov)?\.com$/,
  msteams: /\.(webhook\.office|logic\.azure|powerplatform)\.com$/,
  pagerduty: /^events(\.eu)?\.pagerduty\.com$/,
};

/** The format that the service with this endpoint expects, or undefined if it is not known. */
export function formatOf(endpoint) {
  const url = withScheme(endpoint.trim());
  if (!URL.canParse(url)) return undefined;
  const { hostname } = new URL(url);
  return Object.keys(SERVICES).find(format => SERVICES[format].test(hostname));
}

/** Refuses names of headers that differ only in case. */
export function requireDistinct(names) {
  const lower = names.map(name => name.toLowerCase());
  const duplicate = lower.find((name, i) => lower.indexOf(name) !== i);
  if (duplicate === undefined) return;
  const detail = t.webhook.duplicateHeader(duplicate);
  throw new Problem(400, { detail, errors: [{ pointer: "/headers", detail }] });
}
