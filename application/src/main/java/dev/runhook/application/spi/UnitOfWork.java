package dev.runhook.application.spi;

import dev.runhook.application.spi.account.AuditEvents;
import dev.runhook.application.spi.account.IdempotencyKeys;
import dev.runhook.application.spi.account.Sessions;
import dev.runhook.application.spi.account.Tokens;
import dev.runhook.application.spi.delivery.Deliveries;
import dev.runhook.application.spi.delivery.LeasedDelivery;
import dev.runhook.application.spi.delivery.Replays;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/// One transaction and its stores. Using them after the transaction has ended throws
/// [IllegalStateException]. Not thread-safe.
///
/// To avoid deadlocks, locks are taken in the order stack, run, webhook, delivery, idempotency key,
/// and within each kind in the order of the store's keys.
public interface UnitOfWork {
  /// Returns the time of this unit on the clock of the store. It is the same throughout the unit.
  Instant now();

  /// Stores an entry. The unit has locked its runs, and those of its events and deliveries. This
  /// locks the webhooks that its operational events are about, so that later units cannot overtake
  /// it in their lanes. Fails if a run would return to an earlier version, so that no version is
  /// recorded twice.
  ///
  /// A delivery is due immediately if it is the head of its lane or has no lane. Each delivery that
  /// is not a redelivery gets the previous version that its webhook was notified of, if that is
  /// lower, even if it is in the same entry.
  ///
  /// @param leaseDuration how long the caller may keep each delivery, at least; see
  ///   [Lease#durationFor]
  /// @return the heads among the deliveries with [NewDelivery#leaseIfHead], in the given order,
  ///   leased to the caller; their first attempt counts as started
  List<LeasedDelivery> append(JournalEntry entry, Duration leaseDuration);

  Stacks stacks();

  Runs runs();

  Events events();

  Webhooks webhooks();

  AccountWebhooks accountWebhooks();

  Deliveries deliveries();

  Replays replays();

  Tokens tokens();

  Sessions sessions();

  IdempotencyKeys idempotencyKeys();

  StatsQueries statsQueries();

  AuditEvents auditEvents();
}
