package dev.runhook.testkit;

import dev.runhook.application.spi.AccountWebhooks;
import dev.runhook.application.spi.Events;
import dev.runhook.application.spi.JournalEntry;
import dev.runhook.application.spi.Runs;
import dev.runhook.application.spi.Stacks;
import dev.runhook.application.spi.StatsQueries;
import dev.runhook.application.spi.UnitOfWork;
import dev.runhook.application.spi.Webhooks;
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

/// A unit of work with the stores of another one. A subclass overrides the method of each store
/// that it replaces, so that a single store can be tested or wrapped.
public abstract class ForwardingUnitOfWork implements UnitOfWork {
  private final UnitOfWork next;

  protected ForwardingUnitOfWork(UnitOfWork next) {
    this.next = next;
  }

  @Override
  public Instant now() {
    return next.now();
  }

  @Override
  public List<LeasedDelivery> append(JournalEntry entry, Duration leaseDuration) {
    return next.append(entry, leaseDuration);
  }

  @Override
  public Stacks stacks() {
    return next.stacks();
  }

  @Override
  public Runs runs() {
    return next.runs();
  }

  @Override
  public Events events() {
    return next.events();
  }

  @Override
  public Webhooks webhooks() {
    return next.webhooks();
  }

  @Override
  public AccountWebhooks accountWebhooks() {
    return next.accountWebhooks();
  }

  @Override
  public Deliveries deliveries() {
    return next.deliveries();
  }

  @Override
  public Replays replays() {
    return next.replays();
  }

  @Override
  public Tokens tokens() {
    return next.tokens();
  }

  @Override
  public Sessions sessions() {
    return next.sessions();
  }

  @Override
  public IdempotencyKeys idempotencyKeys() {
    return next.idempotencyKeys();
  }

  @Override
  public StatsQueries statsQueries() {
    return next.statsQueries();
  }

  @Override
  public AuditEvents auditEvents() {
    return next.auditEvents();
  }
}
