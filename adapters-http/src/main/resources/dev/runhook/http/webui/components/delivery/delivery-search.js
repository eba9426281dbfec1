/** What the search in a list of deliveries finds if no run has exactly this id. */

import { api, e, query as toQuery } from "../../api/api.js";
import { now } from "../../api/clock.js";

const MAX_FETCHED = 200;
const MAX_EVENT_MILLIS = 250;
const MAX_SIMILAR = 5;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/**
 * The delivery with the given id, or the deliveries of the event with that id, unless another filter is set.
 *
 * @param path the path of the list in the API
 * @param query the query of the URL
 * @param webhook the webhook that the list is limited to, or undefined
 */
export async function findById(path, { run: id, ...others }, webhook, signal) {
  if (!UUID.test(id) || Object.values(others).some(Boolean)) return [];
  const delivery = await findDelivery(id, signal);
  const found = delivery ? [delivery] : await findEvent(path, id.toLowerCase(), signal);
  return found.filter(each => !webhook || each.webhook === webhook);
}

async function findDelivery(id, signal) {
  try {
    return await api.get(`/deliveries/${e(id)}`, signal);
  } catch (problem) {
    if (problem.status !== 404) throw problem;
    return null;
  }
}

/** The time in milliseconds at which an id of version 7 was created. */
export const createdAt = id => Number.parseInt(id.replace("-", "").slice(0, 12), 16);

/** The first deliveries of an event. They are created right after it, and its id begins with its time. */
async function findEvent(path, id, signal) {
  const at = createdAt(id);
  if (at > now()) return [];
  const [from, to] = [at, at + MAX_EVENT_MILLIS].map(time => new Date(time).toISOString());
  const page = await api.get(path + toQuery({ from, to, limit: MAX_FETCHED }), signal);
  return page.items.filter(({ event }) => event === id);
}

/** The runs whose ids begin with a text that is not the id of a run. */
export async function findRuns(path, { run: idPrefix, stack }, signal) {
  const stackOfPath = /^\/stacks\/[^/]+/.exec(path)?.[0] ?? (stack ? `/stacks/${e(stack)}` : "");
  return (await api.get(`${stackOfPath}/runs${toQuery({ idPrefix, limit: MAX_SIMILAR })}`, signal)).items;
}
