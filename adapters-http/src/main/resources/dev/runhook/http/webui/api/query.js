/** The query of the URL, and the queries of requests to the API. */

import { now } from "./clock.js";

/** The number of items of a page of a list. */
export const PAGE_SIZE = 50;

/** The range that has a start and an end. Other ranges have a number of hours and end now. */
export const CUSTOM = "custom";

/** The status of failed deliveries whose events were not sent again. */
export const NOT_RESENT = "NOT_RESENT";

/** The path and the parameters after the #. */
export function currentLocation() {
  const [path, parameters] = location.hash.split("?");
  return {
    path: path.replace(/^#?\/?/, "").replace(/\/$/, ""),
    query: Object.fromEntries(new URLSearchParams(parameters)),
  };
}

/** Builds a query string. Empty parameters are omitted. */
export function query(parameters) {
  const isPresent = value => value !== "" && value !== null && value !== undefined;
  const present = Object.entries(parameters).filter(([, value]) => isPresent(value));
  return present.length
    ? "?" + present.map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join("&")
    : "";
}

/**
 * The parameters of the API for the query of a URL. `open`, the delivery that is open next to the list, is not one of them.
 *
 * @param {Record<string, any>} query
 */
export function filterParameters({ hours, from, to, open, ...filter }) {
  const start = hours && hours !== CUSTOM ? new Date(now() - hours * 3_600_000).toISOString() : from;
  const notResent = filter.status === NOT_RESENT ? { status: "FAILED", redelivered: false } : {};
  return { ...filter, ...notResent, from: start, to };
}

/**
 * The query that requests a page of a list, for the filter and the page in the query of a URL.
 *
 * @param {Record<string, any>} others
 */
export function listQuery(filter, others = {}) {
  return query({ ...filterParameters(filter), limit: PAGE_SIZE, ...others });
}
