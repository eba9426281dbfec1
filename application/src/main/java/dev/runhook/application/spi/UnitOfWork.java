package dev.runhook.application.spi;

import dev.runhook.application.spi.account.AuditEvents;
import dev.runhook.application.spi.account.IdempotencyKeys;
import dev.runhook.application.spi.account.Sessions;
import dev.runhook.application.spi.account.Tokens;
import dev.runhook.application.spi.delivery.Deliveries;
import dev.runhook.application.spi.delivery.Replays;
import java.time.Instant;

/// One transaction and its stores. Using them after the transaction has ended throws
/// [IllegalStateException]. Not thread-safe.
///
/// To avoid deadlocks, locks are taken in the order stack, run, webhook, delivery, idempotency key,
/// and within each kind in the order of the store's keys.
public interface UnitOfWork {
  /// Returns the time of this unit on the clock of the store. It is the same throughout the unit.
  Instant now();

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
