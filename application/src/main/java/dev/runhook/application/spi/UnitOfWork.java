package dev.runhook.application.spi;

import java.time.Instant;

/// One transaction, and the stores in it. It ends with its transaction; a later use of it or its
/// stores is an [IllegalStateException].
///
/// Locks are taken in the order stack, run, webhook, delivery, request, and within a kind in the
/// order of the store's keys, so that no two units wait for each other. Not thread-safe.
public interface UnitOfWork {
  /// The instant of this unit by the store's clock; the same throughout the unit.
  Instant now();

  Stacks stacks();

  Runs runs();

  Events events();

  Webhooks webhooks();

  Deliveries deliveries();

  Tokens tokens();

  Sessions sessions();

  IdempotencyKeys idempotencyKeys();

  StatsQueries statsQueries();

  AuditEvents auditEvents();
}
