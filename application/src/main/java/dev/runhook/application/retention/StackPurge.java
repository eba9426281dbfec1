package dev.runhook.application.retention;

import dev.runhook.application.spi.Bucket;
import dev.runhook.application.spi.BucketRouter;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/// Removes what belonged to deleted stacks, in small transactions. A timer calls [#run] every few
/// seconds, in any number of processes. Thread-safe.
public final class StackPurge {
  private static final int ROWS_PER_TRANSACTION = 1000;

  private final BucketRouter buckets;
  private final BooleanSupplier interrupted;

  /// @param interrupted whether the calling thread should stop
  public StackPurge(BucketRouter buckets, BooleanSupplier interrupted) {
    this.buckets = buckets;
    this.interrupted = interrupted;
  }

  /// Removes everything, unless the thread is interrupted. Handles all buckets, even if one of them
  /// fails. Then the failure is thrown.
  public void run() {
    Optional<RuntimeException> failure = Optional.empty();
    for (Bucket bucket : buckets.all()) {
      try {
        purge(bucket);
      } catch (RuntimeException e) {
        failure = failure.or(() -> Optional.of(e));
      }
    }
    if (failure.isPresent()) {
      throw failure.get();
    }
  }

  private void purge(Bucket bucket) {
    boolean mayHaveMore = true;
    while (mayHaveMore && !interrupted.getAsBoolean()) {
      mayHaveMore = bucket.inTransaction(unit -> unit.stacks().purge(ROWS_PER_TRANSACTION));
    }
  }
}
