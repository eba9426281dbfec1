import { fetchPages } from "./api.js";

/// Deliveries that failed permanently in the last 24 hours.

export const HOURS = 24;
const MAX_PAGES = 5;

export const NO_FAILURES = { count: 0, text: "0" };

/// Counts recent failures. If there are too many, the counts are lower bounds, and their texts say so.
///
/// @param path a list of deliveries
/// @param key the field of a delivery by which to count, such as "stack"
/// @return a function that returns `{count, text}` for a value of that field
export async function countFailures(path, parameters, key, signal) {
  const from = new Date(Date.now() - HOURS * 3_600_000).toISOString();
  const filter = { ...parameters, status: "FAILED", from };
  const { items, next } = await fetchPages(path, filter, MAX_PAGES, signal);
  const counts = new Map();
  items.forEach(delivery => counts.set(delivery[key], (counts.get(delivery[key]) ?? 0) + 1));
  return value => {
    const count = counts.get(value) ?? 0;
    return { count, text: count.toLocaleString() + (next ? "+" : "") };
  };
}
