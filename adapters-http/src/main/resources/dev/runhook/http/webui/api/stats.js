/** Numbers from the statistics of a webhook. */

/** @param {Api["DeliveryStats"]} stats */
export const sumOf = (stats, name) => stats.items.reduce((total, item) => total + item[name], 0);

/**
 * The share of the finished deliveries that were delivered, or null if none is finished. It is 100 % only if none has
 * failed, and approximate if the counts are capped.
 *
 * @param {Api["DeliveryStats"]} stats
 */
export function deliveredShare(stats) {
  const [delivered, failed] = [sumOf(stats, "delivered"), sumOf(stats, "failed")];
  if (delivered + failed === 0) return null;
  return percentage(delivered, delivered + failed, stats.truncated);
}

/**
 * The share of the delivered deliveries whose first attempt succeeded, or null if none is delivered.
 *
 * @param {Api["DeliveryStats"]} stats
 */
export function firstAttemptShare(stats) {
  const delivered = sumOf(stats, "delivered");
  return delivered === 0 ? null : percentage(delivered - sumOf(stats, "retried"), delivered, stats.truncated);
}

function percentage(part, whole, isApproximate) {
  const permille = Math.floor((part / whole) * 1000);
  const digits = part > 0 && part < whole ? 1 : 0;
  return `${isApproximate ? "≈ " : ""}${(permille / 10).toFixed(digits)} %`;
}
