/** A client of the public API. The browser sends the session cookie, which scripts cannot read. */

import { t } from "../text/messages.js";
import { follow } from "./clock.js";
import { query } from "./query.js";
import { printable } from "../text/text.js";

export { query };

const BASE = "api/v1";

/** A server that does not respond for this long is unreachable. Changes may take long, such as large replays. */
const timeoutOf = method => (method === "GET" ? 10_000 : 120_000);

/** The exchanges that index.html has started, by path. */
const { early } = window;

export class Problem extends Error {
  constructor(status, body) {
    super(body?.detail ?? t.texts.errors.unreachable);
    this.status = status;
    this.kind = (body?.type ?? "").replace("urn:runhook:problem:", "");
    this.errors = body?.errors ?? [];
  }
}

/** The ETags of the resources that were received. */
const etags = new WeakMap();

/** The latest lists by path. If one has not changed, the server responds with 304 and does not send it again. */
const lists = new Map();
const MAX_LISTS = 20;

function rememberList(path, etag, content) {
  lists.delete(path);
  lists.set(path, { etag, content });
  if (lists.size > MAX_LISTS) lists.delete(lists.keys().next().value);
}

let signIns = 0;

/**
 * Discards the responses to all requests that were sent before a sign-in. If such a response says that its session has
 * expired, it would end the new session.
 */
export function discardResponses() {
  signIns++;
  lists.clear();
  early.clear();
}

/**
 * @param basedOn the received resource on which a change is based; the request fails with 412 if it has changed
 * @param {{ body?: unknown, signal?: AbortSignal, basedOn?: object, lines?: import("./lines.js").Lines }} options
 */
async function request(method, path, options) {
  const { body, signal, basedOn, lines } = options;
  const headers = { Accept: lines?.accept ?? "application/json", "X-Runhook-Csrf": "1" };
  const etag = etags.get(basedOn);
  if (etag) headers["If-Match"] = etag;
  const list = method === "GET" ? lists.get(path) : undefined;
  if (list) headers["If-None-Match"] = list.etag;
  if (body !== undefined) headers["Content-Type"] = "application/json";
  const sentIn = signIns;
  const json = body === undefined ? undefined : JSON.stringify(body);
  let response, text;
  try {
    ({ response, text } = await (takeEarly(method, path)
      ?? send(path, { method, headers, body: json, signal, lines, credentials: "same-origin", redirect: "manual" })));
  } catch (e) {
    if (e.name === "AbortError") throw e;
    setConnected(false);
    throw new Problem(0, null);
  }
  setConnected(true);
  if (signal?.aborted || sentIn !== signIns) throw new DOMException("the response is no longer needed", "AbortError");
  if (response.status === 304) {
    setIncomplete(list.content.unavailableBuckets ?? []);
    return list.content;
  }
  let content = null;
  try {
    content = text ? JSON.parse(text, visible) : null;
  } catch {
    // the response comes from a proxy
  }
  if (response.ok) {
    if (content?.items) setIncomplete(content.unavailableBuckets ?? []);
    const received = response.headers.get("ETag");
    if (received?.startsWith("W/")) rememberList(path, received, content);
    else if (content && received) etags.set(content, received);
    return content;
  }
  // a host redirects to its sign-in page
  const status = response.type === "opaqueredirect" ? 401 : response.status;
  const problem = new Problem(status, content ?? { detail: t.texts.errors.response(status) });
  if (status === 401 && (method === "GET" || !/^\/session(\/preview)?$/.test(path))) {
    window.dispatchEvent(new Event("session-expired"));
  }
  throw problem;
}

/** Makes each text printable, except bodies, which users copy and compare. */
export const visible = (name, value) => (typeof value === "string" && !/body$/i.test(name) ? printable(value) : value);

async function send(path, { signal, lines, ...options }) {
  const timeout = AbortSignal.timeout(timeoutOf(options.method));
  const response = await fetch(BASE + path, { ...options, signal: signal ? AbortSignal.any([signal, timeout]) : timeout });
  follow(response.headers.get("Date"));
  return { response, text: await (lines ? lines.read(response) : response.text()) };
}

function takeEarly(method, path) {
  const started = method === "GET" ? early.get(path) : undefined;
  early.delete(path);
  return started;
}

let isConnected = true;

function setConnected(connected) {
  if (connected === isConnected) return;
  isConnected = connected;
  window.dispatchEvent(new CustomEvent("connection", { detail: connected }));
}

let unavailable = "";

/** @param buckets whose items are missing from a list */
function setIncomplete(buckets) {
  if (buckets.join() === unavailable) return;
  unavailable = buckets.join();
  window.dispatchEvent(new CustomEvent("incomplete", { detail: buckets }));
}

export const api = {
  get: (path, signal) => request("GET", path, { signal }),
  post: (path, body, options = {}) => request("POST", path, { body, ...options }),
  patch: (path, body, basedOn) => request("PATCH", path, { body, basedOn }),
  delete: path => request("DELETE", path, {}),
};

export const e = encodeURIComponent;

/**
 * Fetches the items of a list, page by page.
 *
 * @param onPart is called with what has been fetched, before the next page
 * @returns `{items, next}`, where `next` is not null if there are more pages than the maximum
 */
export async function fetchPages(path, parameters, maxPages, signal, onPart = _part => {}) {
  const items = [];
  let next = null;
  for (let i = 0; i < maxPages && (i === 0 || next); i++) {
    const page = await api.get(path + query({ ...parameters, limit: 200, after: next }), signal);
    items.push(...page.items);
    next = page.next;
    if (next) onPart({ items: [...items], next });
  }
  return { items, next };
}
