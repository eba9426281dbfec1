package dev.runhook.persistence.schema;

import dev.runhook.application.spi.HistoryPartitions;
import dev.runhook.application.spi.StoreUnavailableException.StoreBusyException;
import dev.runhook.application.spi.delivery.Deliveries.LaneKey;
import dev.runhook.persistence.delivery.LaneHeads;
import dev.runhook.persistence.jdbi.BucketSchema;
import dev.runhook.persistence.jdbi.JdbiFactory;
import dev.runhook.persistence.jdbi.SqlErrors;
import dev.runhook.persistence.jdbi.TransactionScope;
import dev.runhook.persistence.queue.LaneLocks;
import dev.runhook.persistence.queue.OperationalLanes;
import dev.runhook.persistence.queue.QueueRow;
import dev.runhook.persistence.secret.SecretCipher;
import dev.runhook.persistence.webhook.WebhookInterruptions;
import dev.runhook.persistence.webhook.WebhookRevisions;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.function.IntSupplier;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Daily partitions (UTC) of the tables that only grow. Rows of days without a partition go to a
/// default partition, so an insert never fails. Several processes may call this at the same time.
/// Thread-safe.
public final class JdbiHistoryPartitions implements HistoryPartitions {
  private static final Logger LOG = LoggerFactory.getLogger(JdbiHistoryPartitions.class);
  private static final String CHECK_VIOLATION = "23514";
  private static final int BATCH_SIZE = 1000;

  /// Every later statement on a table waits behind one that waits to change its partitions.
  private static final Duration PARTITION_LOCK_TIMEOUT = Duration.ofMillis(100);

  private static final int PARTITION_LOCK_TRIES = 5;
  private static final Duration PAUSE_BETWEEN_TRIES = Duration.ofMillis(400);
  private static final Duration ROW_LOCK_TIMEOUT = Duration.ofSeconds(5);

  private final BucketSchema schema;
  private final Jdbi jdbi;
  private final Function<Handle, Instant> clock;
  private final AtomicBoolean warned = new AtomicBoolean();

  public JdbiHistoryPartitions(DataSource dataSource) {
    this(dataSource, BucketSchema.ONLY);
  }

  /// @param schema contains the tables
  public JdbiHistoryPartitions(DataSource dataSource, BucketSchema schema) {
    this(dataSource, schema, handle -> new TransactionScope(handle, () -> false).now());
  }

  /// @param clock replaces the clock of the database
  JdbiHistoryPartitions(
      DataSource dataSource, BucketSchema schema, Function<Handle, Instant> clock) {
    this.schema = schema;
    this.jdbi = JdbiFactory.create(dataSource, schema);
    this.clock = clock;
  }

  /// Creates the partitions for all days from yesterday on. A day that already has rows in a
  /// default partition, because its partition was not created in time, gets none. A partition that
  /// other transactions block, such as a backup, is left to a later call. A user who does not own
  /// the tables creates none, and all rows go to the default partitions.
  @Override
  public void createAhead(Duration ahead) {
    if (!inTransaction(JdbiHistoryPartitions::ownsTables)) {
      warnOnce();
      return;
    }
    Instant now = now();
    LocalDate first = LocalDate.ofInstant(now, ZoneOffset.UTC).minusDays(1);
    LocalDate last = LocalDate.ofInstant(now.plus(ahead), ZoneOffset.UTC);
    List<DailyPartition> existing = inTransaction(DailyPartition::findAll);
    first
        .datesUntil(last.isBefore(first) ? first : last.plusDays(1))
        .flatMap(DailyPartition::ofAllTables)
        .filter(partition -> !existing.contains(partition))
        .forEach(this::create);
  }

  private static boolean ownsTables(Handle handle) {
    return handle
        .createQuery(
            """
            select pg_has_role(relowner, 'usage') and has_schema_privilege(relnamespace, 'create') from pg_class
            where oid = 'runhook.event'::regclass
            """)
        .mapTo(Boolean.class)
        .one();
  }

  private void warnOnce() {
    if (warned.compareAndSet(false, true)) {
      LOG.atWarn()
          .addKeyValue("schema", schema.name())
          .log(
              "the database user does not own the tables, so there are no daily partitions, and"
                  + " retention deletes expired rows one by one");
    }
  }

  private void create(DailyPartition partition) {
    try {
      if (changingPartitions(partition::create) && inTransaction(CitusSchema::isDistributed)) {
        inTransaction(handle -> {
          partition.disableStatistics(handle);
          return true;
        });
      }
    } catch (StoreBusyException ignored) {
      LOG.atWarn()
          .addKeyValue("partition", partition.name())
          .log("a long transaction blocks the creation of a daily partition; trying again later");
    } catch (RuntimeException e) {
      if (!SqlErrors.hasState(e, CHECK_VIOLATION)) {
        throw e;
      }
      LOG.atWarn()
          .addKeyValue("partition", partition.name())
          .log("skipped a daily partition because the default partition has rows for that day");
    }
  }

  /// Drops the partitions of whole days, and deletes rows of the same age from the default
  /// partitions, or all of them if the user does not own the tables. Also deletes open deliveries
  /// of that age or of dropped events, runs with no history left, replays of that age, and deleted
  /// webhooks and webhook revisions that no stored delivery can refer to. A step that fails does
  /// not prevent the others. Then its failure is thrown.
  @Override
  public int dropOlderThan(Duration age) {
    return dropBefore(now().minus(age));
  }

  /// Open deliveries are deleted first, because a delivery without its event can never be sent.
  int dropBefore(Instant instant) {
    LocalDate day = LocalDate.ofInstant(instant, ZoneOffset.UTC);
    Steps steps = new Steps();
    steps.run(() -> deleteOpenDeliveries(day));
    int dropped = 0;
    boolean ownsTables = inTransaction(JdbiHistoryPartitions::ownsTables);
    for (DailyPartition partition : inTransaction(DailyPartition::findAll)) {
      if (ownsTables && partition.day().isBefore(day)) {
        dropped += steps.run(() -> changingPartitions(partition::drop) ? 1 : 0);
      }
    }
    steps.run(() ->
        inTransaction(
            handle -> DailyPartition.deleteRows(handle, day, ownsTables ? "_default" : "")));
    steps.run(() -> deleteRuns(day));
    steps.run(() ->
        inTransaction(handle ->
            handle
                .createUpdate("delete from runhook.replay where created_at < :day")
                .bind("day", startOf(day))
                .execute()));
    steps.run(() -> inTransaction(handle -> WebhookInterruptions.deleteExpired(handle, day)));
    steps.run(() -> inTransaction(handle -> WebhookRevisions.deleteExpired(handle, day)));
    steps.run(() -> inTransaction(handle -> WebhookRevisions.deleteRemovedWebhooks(handle, day)));
    steps.throwFailure();
    return dropped;
  }

  /// Steps that run even if others fail.
  private static final class Steps {
    private Optional<RuntimeException> failure = Optional.empty();

    /// Returns the result of the step, or 0 if it failed.
    int run(IntSupplier step) {
      try {
        return step.getAsInt();
      } catch (RuntimeException e) {
        failure = failure.or(() -> Optional.of(e));
        return 0;
      }
    }

    /// Throws the first failure.
    void throwFailure() {
      failure.ifPresent(e -> {
        throw e;
      });
    }
  }

  /// An open delivery, and whether it or its event has expired.
  private record OpenDelivery(UUID id, boolean expired) {}

  private int deleteOpenDeliveries(LocalDate day) {
    Optional<UUID> last = Optional.of(new UUID(0, 0));
    while (last.isPresent()) {
      UUID after = last.get();
      last = inTransaction(handle -> deleteOpenDeliveries(handle, day, after));
    }
    return 0;
  }

  /// Checks the next batch of open deliveries in the order of their ids, and deletes those that
  /// have expired. Their lanes continue without them. Returns the id after which to continue, or
  /// empty if this was the last batch.
  private static Optional<UUID> deleteOpenDeliveries(Handle handle, LocalDate day, UUID after) {
    TransactionScope transaction = new TransactionScope(handle, () -> false);
    List<OpenDelivery> checked =
        transaction
            .unpreparedQuery(
                """
                select id, created_at < :day or event_id < :event as expired from runhook.delivery_queue
                where id > :after order by id limit :limit
                """)
            .bind("day", startOf(day))
            .bind("event", DailyPartition.lowerBound(day))
            .bind("after", after)
            .bind("limit", BATCH_SIZE)
            .map((row, ignored) ->
                new OpenDelivery(row.getObject("id", UUID.class), row.getBoolean("expired")))
            .list();
    List<UUID> expired =
        checked.stream().filter(OpenDelivery::expired).map(OpenDelivery::id).toList();
    if (!expired.isEmpty()) {
      delete(transaction, expired);
    }
    return checked.size() < BATCH_SIZE ? Optional.empty() : Optional.of(checked.getLast().id());
  }

  private static void delete(TransactionScope transaction, List<UUID> expired) {
    new LaneLocks(transaction).lock(expired);
    new OperationalLanes(transaction).lock(expired);
    Set<LaneKey> lanes =
        transaction
            .unpreparedQuery("delete from runhook.delivery_queue where id = any (:ids) returning *")
            .bindArray("ids", UUID.class, expired)
            .map((row, ignored) -> QueueRow.read(row).lane())
            .collect(Collectors.flatMapping(Optional::stream, Collectors.toSet()));
    new LaneHeads(transaction, SecretCipher.none()).promoteNext(lanes, Set.of(), Duration.ZERO);
    LOG.atWarn().addKeyValue("deliveries", expired.size()).log("deleted expired open deliveries");
  }

  private int deleteRuns(LocalDate day) {
    Optional<UUID> last = Optional.of(new UUID(0, 0));
    while (last.isPresent()) {
      UUID after = last.get();
      last = inTransaction(handle -> deleteRuns(handle, day, after));
    }
    return 0;
  }

  /// Checks the next batch of runs in the order of their ids, and deletes those whose transitions,
  /// events and deliveries have all expired. Skips runs that are locked, because they are about to
  /// change. Returns the id after which to continue, or empty if there are no more runs.
  private static Optional<UUID> deleteRuns(Handle handle, LocalDate day, UUID after) {
    List<UUID> checked =
        handle
            .createQuery(
                "select id from runhook.run where id > :after and id < :end order by id limit"
                    + " :limit")
            .bind("after", after)
            .bind("end", DailyPartition.lowerBound(day))
            .bind("limit", BATCH_SIZE)
            .mapTo(UUID.class)
            .list();
    handle
        .createUpdate(
            """
            delete from runhook.run where id in (
              select r.id from runhook.run r
              where r.id = any (:checked) and r.last_transition_at < :day
                and not exists (select 1 from runhook.delivery_queue q where q.run_id = r.id)
                and not exists (select 1 from runhook.delivery d where coalesce(d.run_id, d.webhook_id) = r.id)
              order by r.id for update skip locked)
            """)
        .bindArray("checked", UUID.class, checked)
        .bind("day", startOf(day))
        .execute();
    return checked.size() < BATCH_SIZE ? Optional.empty() : Optional.of(checked.getLast());
  }

  private static OffsetDateTime startOf(LocalDate day) {
    return day.atStartOfDay().atOffset(ZoneOffset.UTC);
  }

  private Instant now() {
    return inTransaction(clock);
  }

  /// Runs work that changes the partitions of a table, which everything that uses the table waits
  /// for. So it waits only briefly for other transactions, and tries a few times.
  private boolean changingPartitions(Predicate<Handle> work) {
    for (int tries = 1; ; tries++) {
      try {
        return inTransaction(PARTITION_LOCK_TIMEOUT, work::test);
      } catch (StoreBusyException e) {
        if (tries == PARTITION_LOCK_TRIES) {
          throw e;
        }
        LockSupport.parkNanos(PAUSE_BETWEEN_TRIES.toNanos());
      }
    }
  }

  private <T> T inTransaction(Function<Handle, T> work) {
    return inTransaction(ROW_LOCK_TIMEOUT, work);
  }

  /// Runs the work in a transaction that holds the advisory lock.
  ///
  /// @param lockTimeout the maximum wait for each other lock
  private <T> T inTransaction(Duration lockTimeout, Function<Handle, T> work) {
    return SqlErrors.translating(
        "maintaining history partitions",
        () ->
            jdbi.inTransaction(handle -> {
              SchemaLock.take(handle, schema);
              handle.execute("set local lock_timeout = " + lockTimeout.toMillis());
              return work.apply(handle);
            }));
  }
}
