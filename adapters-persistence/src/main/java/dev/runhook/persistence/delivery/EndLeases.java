package dev.runhook.persistence.delivery;

import dev.runhook.application.spi.delivery.Lease;
import dev.runhook.persistence.jdbi.SqlValues;
import dev.runhook.persistence.jdbi.TransactionScope;
import dev.runhook.persistence.jdbi.UnnestParameters;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/// Ends leases that have expired: their attempts count as failed, and their deliveries are due as
/// before. Skips those that another transaction has locked.
final class EndLeases {
  /// A claim does not take more either.
  private static final int MAX_ENDED = 500;

  private static final String EXPIRED =
      """
      select q.id, q.attempts, q.leased_until,
        coalesce((select LEASE from runhook.webhook w where w.id = q.webhook_id), :lease) as lease
      from runhook.delivery_queue q where q.leased_until <= now()
      order by q.leased_until limit :limit for no key update skip locked
      """
          .replace("LEASE", LaneHeads.LEASE);

  private static final String INSERT_INTERRUPTED =
      """
      insert into runhook.attempt (delivery_id, number, started_at, duration_ns, outcome, detail)
      select id, number, leased_until - lease * interval '1 microsecond', lease * 1000, 'INTERNAL_ERROR', :interruption
      from unnest(:ids, :numbers, :leasedUntil, :leases) as i (id, number, leased_until, lease)
      on conflict do nothing
      """;

  /// The detail of an attempt whose lease expired.
  private static final String INTERRUPTION =
      "the sender stopped before it saw a response; the receiver may have received this attempt";

  private static final String END =
      """
      update runhook.delivery_queue set leased_until = null, failures = failures + 1 where id = any (:ids)
      """;

  private final TransactionScope transaction;

  EndLeases(TransactionScope transaction) {
    this.transaction = transaction;
  }

  /// @param lease in microseconds
  private record Expired(UUID id, int attempts, Instant leasedUntil, long lease) {
    static Expired read(ResultSet row) throws SQLException {
      return new Expired(
          row.getObject("id", UUID.class),
          row.getInt("attempts"),
          SqlValues.instant(row, "leased_until"),
          row.getLong("lease"));
    }
  }

  /// @param minimumLease how long they were leased, unless their webhook needed more
  void endExpired(Duration minimumLease) {
    List<Expired> expired =
        transaction
            .unpreparedQuery(EXPIRED)
            .bind("lease", SqlValues.micros(minimumLease))
            .bind("leaseMargin", SqlValues.micros(Lease.MARGIN))
            .bind("limit", MAX_ENDED)
            .map((row, ignored) -> Expired.read(row))
            .list();
    if (!expired.isEmpty()) {
      UnnestParameters.of(expired)
          .uuids("ids", Expired::id)
          .longs("numbers", one -> (long) one.attempts())
          .instants("leasedUntil", Expired::leasedUntil)
          .longs("leases", Expired::lease)
          .bindTo(transaction.unpreparedUpdate(INSERT_INTERRUPTED))
          .bind("interruption", INTERRUPTION)
          .execute();
      UnnestParameters.of(expired)
          .uuids("ids", Expired::id)
          .bindTo(transaction.unpreparedUpdate(END))
          .execute();
    }
  }
}
