/// Numbers from the statistics of a webhook.

/** @param {Api["DeliveryStats"]} stats */
export const sumOf = (stats, name) => stats.items.reduce((total, item) => total + item[name], 0);

/// The share of the finished deliveries that were delivered, or null if none is finished. It is 100 % only if none has
/// failed, and approximate if the counts are capped.
/** @param {Api["DeliveryStats"]} stats */
export function deliveredShare(stats) {
  const [delivered, failed] = [sumOf(stats, "delivered"), sumOf(stats, "failed")];
  if (delivered + failed === 0) return null;
  const permille = Math.floor((delivered / (delivered + failed)) * 1000);
  const digits = delivered > 0 && failed > 0 ? 1 : 0;
  return `${stats.truncated ? "≈ " : ""}${(permille / 10).toFixed(digits)} %`;
}
