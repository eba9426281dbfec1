package dev.runhook.persistence.delivery;

import dev.runhook.application.spi.delivery.Lease;
import dev.runhook.persistence.jdbi.TransactionScope;
import dev.runhook.persistence.jdbi.UnnestParameters;
import java.util.Collection;

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

  void release(Collection<Lease> leases) {
    UnnestParameters.of(leases)
        .uuids("ids", lease -> lease.delivery().value())
        .longs("numbers", lease -> (long) lease.attempt())
        .bindTo(transaction.unpreparedUpdate(RELEASE))
        .execute();
  }
}
