/** The texts of the runs of a day, which only their view needs. */
export const texts = {
  list: "List",
  run: "Run",
  earlier: "Previous day",
  later: "Next day",
  matrix: "Deliveries by run and webhook",
  empty: "No runs on this day",
  more: count => `Only the latest ${count.toLocaleString()} runs of this day are shown.`,
  noWebhooks: "No webhooks on this stack.",
  cell: (webhook, run, status, { deliveries, delivered, skipped }) =>
    `${webhook}, ${run}: ${status}` +
    (deliveries > 0 ? `, ${delivered} of ${deliveries} delivered` : "") +
    (skipped > 0 ? `, ${skipped} skipped` : ""),
};
