import { api, e } from "./api.js";

/**
 * The names of stacks, webhooks and deliveries by id, as far as views have loaded them. Breadcrumbs and page titles
 * show them. A new name fires the event `named` on the window.
 */
const names = new Map();

export const nameOf = id => names.get(id);

export function learnName(id, name) {
  if (names.get(id) === name) return;
  names.set(id, name);
  window.dispatchEvent(new Event("named"));
}

export async function learnStack(id, signal) {
  if (!names.has(id)) learnName(id, (await api.get(`/stacks/${e(id)}`, signal)).name);
}
