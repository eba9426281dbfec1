package dev.runhook.testkit.memory;

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
import dev.runhook.application.spi.delivery.Deliveries.LaneKey;
import dev.runhook.application.spi.delivery.LeasedDelivery;
import dev.runhook.application.spi.delivery.Replays;
import dev.runhook.domain.run.RunId;
import dev.runhook.domain.webhook.WebhookId;
import dev.runhook.testkit.memory.InMemoryTransaction.RowLocks;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/// One transaction: its copy of the database, its time, and its locks.
final class InMemoryUnitOfWork implements UnitOfWork {
  private final Instant now;
  private final RowLocks locks;
  private final Set<RunId> lockedRuns = new HashSet<>();
  private final Set<WebhookId> lockedWebhooks = new HashSet<>();
  private final InMemoryDatabase database;
  private boolean ended;

  InMemoryUnitOfWork(InMemoryDatabase inMemoryDatabase, Instant now, RowLocks locks) {
    this.database = inMemoryDatabase;
    this.now = now;
    this.locks = locks;
  }

  @Override
  public Instant now() {
    database();
    return now;
  }

  @Override
  public List<LeasedDelivery> append(JournalEntry entry, Duration leaseDuration) {
    InMemoryJournal.lock(this, entry);
    return new InMemoryJournal(this).append(entry, leaseDuration);
  }

  @Override
  public Stacks stacks() {
    database();
    return new InMemoryStacks(this);
  }

  @Override
  public Runs runs() {
    database();
    return new InMemoryRuns(this);
  }

  @Override
  public Events events() {
    database();
    return new InMemoryEvents(this);
  }

  @Override
  public Webhooks webhooks() {
    database();
    return new InMemoryWebhooks(this);
  }

  @Override
  public AccountWebhooks accountWebhooks() {
    database();
    return new InMemoryAccountWebhooks(this);
  }

  @Override
  public Deliveries deliveries() {
    database();
    return new InMemoryDeliveries(this);
  }

  @Override
  public Replays replays() {
    throw MissingStores.missing("replays");
  }

  @Override
  public Tokens tokens() {
    throw MissingStores.missing("tokens");
  }

  @Override
  public Sessions sessions() {
    throw MissingStores.missing("sessions");
  }

  @Override
  public IdempotencyKeys idempotencyKeys() {
    database();
    return MissingStores.IDEMPOTENCY_KEYS;
  }

  @Override
  public StatsQueries statsQueries() {
    throw MissingStores.missing("statistics");
  }

  @Override
  public AuditEvents auditEvents() {
    database();
    return MissingStores.AUDIT_EVENTS;
  }

  InMemoryDatabase database() {
    if (ended) {
      throw new IllegalStateException("this unit of work ended with its transaction");
    }
    return database;
  }

  void lock(RunId run) {
    lockRow(run);
    lockedRuns.add(run);
  }

  void lock(WebhookId webhook) {
    lockRow(webhook);
    lockedWebhooks.add(webhook);
  }

  /// Locks the run with its lanes, so that no delivery of them can be finished.
  ///
  /// @param waits whether to wait for others
  boolean lockWithLanes(RunId run, boolean waits) {
    if (waits) {
      lock(run);
    } else if (!tryLockRow(run)) {
      return false;
    }
    lockedRuns.add(run);
    for (LaneKey lane : openLanes(row -> row.run().filter(run::equals).isPresent())) {
      if (waits) {
        lockRow(lane);
      } else if (!tryLockRow(lane)) {
        return false;
      }
    }
    return true;
  }

  Set<LaneKey> openLanes(Predicate<DeliveryRow> condition) {
    return database()
        .openDeliveries()
        .filter(condition)
        .flatMap(row -> row.lane().stream())
        .collect(Collectors.toCollection(LinkedHashSet::new));
  }

  boolean tryLock(WebhookId webhook) {
    boolean isLocked = tryLockRow(webhook);
    if (isLocked) {
      lockedWebhooks.add(webhook);
    }
    return isLocked;
  }

  /// Waits for the lock of a delivery, and of the lane that it is in.
  void lock(DeliveryRow row) {
    lockRow(row.lockKey());
  }

  boolean tryLock(DeliveryRow row) {
    return tryLockRow(row.lockKey());
  }

  void lockRow(Object row) {
    database();
    locks.lock(row);
  }

  boolean tryLockRow(Object row) {
    return locks.tryLock(row);
  }

  /// Fails if this unit of work does not hold the lock. A real store would lose an update only
  /// occasionally.
  void requireLocked(RunId run) {
    if (!lockedRuns.contains(run)) {
      throw new IllegalStateException("the run " + run + " is not locked by this unit of work");
    }
  }

  void requireLocked(WebhookId webhook) {
    if (!lockedWebhooks.contains(webhook)) {
      throw new IllegalStateException(
          "the webhook " + webhook + " is not locked by this unit of work");
    }
  }

  void end() {
    ended = true;
  }
}
