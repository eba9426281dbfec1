import { currentLocation, listQuery } from "./query.js";

/// Requests the first list of the page while the modules that show it are still loading. The list itself then uses
/// this response, once.

/// Where the browser stores what the user of the last session may do.
export const STORED_SESSION = "runhook.session";

/// The paths in the API of the first lists, by the path of their view.
/** @type {[RegExp, (found: RegExpExecArray, filter: Record<string, string>) => string[]][]} */
const LISTS = [
  [/^$/, () => ["/webhooks?limit=200", "/runs?limit=8"]],
  [/^(?:stacks|deliveries)$/, ([path], filter) => [`/${path}${listQuery(filter)}`]],
  [/^(stacks\/[^/]+)(?:\/runs)?$/, ([, stack], filter) => [`/${stack}/runs${listQuery(filter)}`]],
  [/^(stacks\/[^/]+)\/settings(?:\/integrations)?$/, ([, stack]) => [`/${stack}/webhooks?limit=200`]],
  [
    /^(stacks\/[^/]+)\/settings\/integrations\/([^/]+)\/deliveries$/,
    ([, stack, webhook], filter) => [`/${stack}/webhooks/${webhook}/deliveries${listQuery(filter)}`],
  ],
];

/** @type {Map<string, Promise<Response>>} */
const responses = new Map();

/// Sends a request to the API. The browser adds the session cookie, which scripts cannot read.
/** @param {RequestInit} options */
export function send(path, options = {}) {
  const { headers, ...others } = options;
  return fetch(`api/v1${path}`, {
    ...others,
    headers: { Accept: "application/json", "X-Runhook-Csrf": "1", ...headers },
    credentials: "same-origin",
  });
}

/// Returns the response to an early request, once, or undefined if there is none.
export function takeEarly(path) {
  const response = responses.get(path);
  responses.delete(path);
  return response;
}

/// Discards the responses that were not taken.
export const discardEarly = () => responses.clear();

/// Sends the early requests of the current view if a user is signed in as far as the browser knows.
export function sendEarly() {
  const { path, query } = currentLocation();
  if (!localStorage.getItem(STORED_SESSION) || (query.hours && !query.from)) return; // hours end when they are requested
  for (const [pattern, lists] of LISTS) {
    const found = pattern.exec(path);
    for (const list of found ? lists(found, query) : []) {
      const response = send(list);
      response.catch(() => null); // reported where it is taken
      responses.set(list, response);
    }
  }
}

sendEarly();
addEventListener("hashchange", discardEarly);
