package dev.runhook.testkit;

import dev.runhook.application.spi.AuditLog;
import dev.runhook.application.spi.Deliveries;
import dev.runhook.application.spi.Events;
import dev.runhook.application.spi.Glances;
import dev.runhook.application.spi.Redeliveries;
import dev.runhook.application.spi.Requests;
import dev.runhook.application.spi.Runs;
import dev.runhook.application.spi.Sessions;
import dev.runhook.application.spi.Stacks;
import dev.runhook.application.spi.Tokens;
import dev.runhook.application.spi.UnitOfWork;
import dev.runhook.application.spi.Webhooks;
import dev.runhook.domain.run.RunId;
import dev.runhook.domain.webhook.WebhookId;
import java.time.Instant;
import java.util.HashSet;
import java.util.Set;

/// One transaction: its copy of the tables, its instant, and what it has locked.
final class InMemoryUnitOfWork implements UnitOfWork {
  private final Tables tables;
  private final Instant now;
  private final Set<RunId> lockedRuns = new HashSet<>();
  private final Set<WebhookId> lockedWebhooks = new HashSet<>();
  private boolean ended;

  InMemoryUnitOfWork(Tables tables, Instant now) {
    this.tables = tables;
    this.now = now;
  }

  @Override
  public Instant now() {
    tables();
    return now;
  }

  @Override
  public Stacks stacks() {
    tables();
    return new InMemoryStacks(this);
  }

  @Override
  public Runs runs() {
    tables();
    return new InMemoryRuns(this);
  }

  @Override
  public Events events() {
    tables();
    return new InMemoryEvents(this);
  }

  @Override
  public Webhooks webhooks() {
    tables();
    return new InMemoryWebhooks(this);
  }

  @Override
  public Deliveries deliveries() {
    tables();
    return new InMemoryDeliveries(this);
  }

  @Override
  public Redeliveries redeliveries() {
    tables();
    return new InMemoryRedeliveries(this);
  }

  @Override
  public Tokens tokens() {
    tables();
    return new InMemoryTokens(this);
  }

  @Override
  public Sessions sessions() {
    tables();
    return new InMemorySessions(this);
  }

  @Override
  public Requests requests() {
    tables();
    return new InMemoryRequests(this);
  }

  @Override
  public Glances glances() {
    tables();
    return new InMemoryGlances(this);
  }

  @Override
  public AuditLog audit() {
    tables();
    return new InMemoryAuditLog(this);
  }

  /// The tables, as long as the unit lasts.
  Tables tables() {
    if (ended) {
      throw new IllegalStateException("this unit of work has ended with its transaction");
    }
    return tables;
  }

  void lock(RunId run) {
    lockedRuns.add(run);
  }

  void lock(WebhookId webhook) {
    lockedWebhooks.add(webhook);
  }

  /// A real store would lose an update here once in a while; this one says so each time.
  void checkLocked(RunId run) {
    if (!lockedRuns.contains(run)) {
      throw new IllegalStateException("the run " + run + " is not locked by this unit of work");
    }
  }

  void checkLocked(WebhookId webhook) {
    if (!lockedWebhooks.contains(webhook)) {
      throw new IllegalStateException(
          "the webhook " + webhook + " is not locked by this unit of work");
    }
  }

  void end() {
    ended = true;
  }
}
