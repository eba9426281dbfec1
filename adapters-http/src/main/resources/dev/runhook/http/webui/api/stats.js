/** Numbers from the statistics of a webhook. */

import { percentage } from "../text/text.js";

/** @param {Api["DeliveryStats"]} stats */
export const sumOf = (stats, name) => stats.items.reduce((total, item) => total + item[name], 0);

/** The share of the finished deliveries that were delivered, or null if none is finished. */
export const deliveredShare = stats => share(stats, sumOf(stats, "delivered"));

/** The share of the finished deliveries whose first attempt succeeded, or null if none is finished. */
export const firstAttemptShare = stats => share(stats, sumOf(stats, "delivered") - sumOf(stats, "retried"));

/** The share of a part in the finished deliveries. It is approximate if the counts are capped. */
function share(stats, part) {
  const finished = sumOf(stats, "delivered") + sumOf(stats, "failed");
  return finished === 0 ? null : (stats.truncated ? "≈ " : "") + percentage(part, finished);
}
