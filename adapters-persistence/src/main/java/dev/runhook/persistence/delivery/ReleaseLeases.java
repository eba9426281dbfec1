package dev.runhook.persistence.delivery;

import dev.runhook.application.spi.delivery.Lease;
import dev.runhook.application.spi.delivery.Lease.BatchPosition;
import dev.runhook.persistence.batch.DeliveryBatches;
import dev.runhook.persistence.jdbi.TransactionScope;
import dev.runhook.persistence.jdbi.UnnestParameters;
import java.util.Collection;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/// Gives up leases of deliveries that were not attempted. They are due as before.
final class ReleaseLeases {
  private static final String RELEASE =
      """
      update runhook.delivery_queue q set leased_until = null, attempts = q.attempts - 1
      from unnest(:ids, :numbers) as l (id, number)
      where q.id = l.id and q.attempts = l.number and q.leased_until is not null
      """;

  private final TransactionScope transaction;

  ReleaseLeases(TransactionScope transaction) {
    this.transaction = transaction;
  }

  /// Waits a short time for the locks of the batches.
  void release(Collection<Lease> leases) {
    Set<UUID> used = batchesOf(leases);
    if (!used.isEmpty()) {
      transaction.handle().execute("set local lock_timeout = '2s'");
      new DeliveryBatches(transaction)
          .lockAndMove(used, leases.stream().map(lease -> lease.delivery().value()).toList());
    }
    UnnestParameters.of(leases)
        .uuids("ids", lease -> lease.delivery().value())
        .longs("numbers", lease -> (long) lease.attempt())
        .bindTo(transaction.unpreparedUpdate(RELEASE))
        .execute();
  }

  /// Returns the batches that the leased deliveries were added with.
  static Set<UUID> batchesOf(Collection<Lease> leases) {
    return leases.stream()
        .flatMap(lease -> lease.batchPosition().stream())
        .map(BatchPosition::batch)
        .collect(Collectors.toSet());
  }
}
