import { api, query } from "./api.js";

/// Deliveries that failed permanently in the last 24 hours.

export const HOURS = 24;
const PAGE_SIZE = 200;
const MAX_PAGES = 5;

export const NO_FAILURES = { count: 0, text: "0" };

/// Counts recent failures. If there are too many, the counts are lower bounds, and their texts say so.
///
/// @param path a list of deliveries
/// @param key the field of a delivery by which to count, such as "stack"
/// @return a function that returns `{count, text}` for a value of that field
export async function countFailures(path, parameters, key, signal) {
  const from = new Date(Date.now() - HOURS * 3_600_000).toISOString();
  const filter = { ...parameters, status: "FAILED", from, limit: PAGE_SIZE };
  const counts = new Map();
  let after = null;
  for (let i = 0; i < MAX_PAGES && (i === 0 || after); i++) {
    const page = await api.get(path + query({ ...filter, after }), signal);
    page.items.forEach(delivery => counts.set(delivery[key], (counts.get(delivery[key]) ?? 0) + 1));
    after = page.next;
  }
  return value => {
    const count = counts.get(value) ?? 0;
    return { count, text: count.toLocaleString() + (after ? "+" : "") };
  };
}
