package dev.runhook.application.retention;

import dev.runhook.application.spi.Bucket;
import dev.runhook.application.spi.BucketRouter;

/// Removes what belonged to deleted stacks, and ends what is left of deleted webhooks, in small
/// transactions. A timer calls [#run] every few seconds, in any number of processes. Thread-safe.
public final class StackPurge {
  private static final int ROWS_PER_TRANSACTION = 1000;
  private static final int MAX_TRANSACTIONS = 100;

  private final BucketRouter buckets;

  public StackPurge(BucketRouter buckets) {
    this.buckets = buckets;
  }

  /// Removes a part of what there is to remove, so that a timer can be stopped soon. Handles all
  /// buckets, even if one of them fails. Then the failure is thrown.
  public void run() {
    BucketRouter.forEach(buckets.all(), StackPurge::purge);
  }

  private static void purge(Bucket bucket) {
    bucket.inTransaction(unit -> unit.deliveries().endOfDeletedWebhooks(ROWS_PER_TRANSACTION));
    boolean mayHaveMore = true;
    for (int i = 0; i < MAX_TRANSACTIONS && mayHaveMore; i++) {
      mayHaveMore = bucket.inTransaction(unit -> unit.stacks().purge(ROWS_PER_TRANSACTION));
    }
  }
}
