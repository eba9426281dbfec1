package dev.runhook.persistence.history;

import dev.runhook.application.spi.HistoryPartitions;
import dev.runhook.persistence.jdbi.JdbiConfig;
import dev.runhook.persistence.jdbi.SqlErrors;
import dev.runhook.persistence.jdbi.TransactionScope;
import dev.runhook.persistence.webhook.WebhookRevisions;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import javax.sql.DataSource;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.HandleCallback;
import org.jdbi.v3.core.Jdbi;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Daily partitions (UTC) of the tables that only grow. Rows of days without a partition go to a
/// default partition, so an insert never fails. Several processes may call this at the same time.
/// Thread-safe.
public final class JdbiHistoryPartitions implements HistoryPartitions {
  /// The advisory lock to hold while changing the schema.
  public static final long LOCK_KEY = 0x72756e686f6f6bL;

  private static final Logger LOG = LoggerFactory.getLogger(JdbiHistoryPartitions.class);
  private static final String CHECK_VIOLATION = "23514";

  private final Jdbi jdbi;
  private final Function<Handle, Instant> clock;

  public JdbiHistoryPartitions(DataSource dataSource) {
    this(dataSource, handle -> new TransactionScope(handle, () -> false).now());
  }

  /// @param clock replaces the clock of the database
  JdbiHistoryPartitions(DataSource dataSource, Function<Handle, Instant> clock) {
    this.jdbi = JdbiConfig.create(dataSource);
    this.clock = clock;
  }

  /// Creates the partitions of all days from yesterday on. A day that already has rows in a default
  /// partition, because its partition was not created in time, gets none.
  @Override
  public void createAhead(Duration ahead) {
    createUntil(now().plus(ahead));
  }

  void createUntil(Instant until) {
    LocalDate first = LocalDate.ofInstant(now(), ZoneOffset.UTC).minusDays(1);
    LocalDate last = LocalDate.ofInstant(until, ZoneOffset.UTC);
    Set<String> existing = inTransaction(DailyPartition::findNames);
    first
        .datesUntil(last.isBefore(first) ? first : last.plusDays(1))
        .flatMap(DailyPartition::ofAllTables)
        .filter(partition -> !existing.contains(partition.name()))
        .forEach(this::create);
  }

  private void create(DailyPartition partition) {
    try {
      inTransaction(partition::create);
    } catch (RuntimeException e) {
      if (!SqlErrors.hasState(e, CHECK_VIOLATION)) {
        throw e;
      }
      LOG.atWarn()
          .addKeyValue("partition", partition.name())
          .log("skipped a daily partition because the default partition has rows of that day");
    }
  }

  /// Drops the partitions of whole days, and deletes rows of the same age from the default
  /// partitions. Also deletes open deliveries of that age or of dropped events, runs with no
  /// history left, and webhook revisions that no stored attempt can refer to.
  @Override
  public int dropOlderThan(Duration age) {
    return dropBefore(now().minus(age));
  }

  /// Open deliveries go first, because without its event a delivery can never be sent.
  int dropBefore(Instant instant) {
    LocalDate day = LocalDate.ofInstant(instant, ZoneOffset.UTC);
    int open = deleteOpenDeliveries(day);
    if (open > 0) {
      LOG.atWarn().addKeyValue("deliveries", open).log("deleted expired open deliveries");
    }
    long dropped =
        inTransaction(DailyPartition::findNames).stream()
            .map(DailyPartition::parse)
            .filter(partition -> partition.day().isBefore(day))
            .filter(partition -> inTransaction(partition::drop))
            .count();
    inTransaction(handle -> DailyPartition.deleteFromDefaultPartitions(handle, day));
    Optional<UUID> last = Optional.of(new UUID(0, 0));
    while (last.isPresent()) {
      UUID after = last.get();
      last = inTransaction(handle -> new ExpiredRows(handle, day).deleteRuns(after));
    }
    inTransaction(handle -> WebhookRevisions.deleteExpired(handle, day));
    return (int) dropped;
  }

  private int deleteOpenDeliveries(LocalDate day) {
    int total = 0;
    int deleted;
    do {
      deleted = inTransaction(handle -> new ExpiredRows(handle, day).deleteDeliveries());
      total += deleted;
    } while (deleted == ExpiredRows.BATCH_SIZE);
    return total;
  }

  private Instant now() {
    return inTransaction(clock);
  }

  /// Runs the work in a transaction that holds the advisory lock. Other locks time out soon,
  /// because every later transaction on the table would queue behind this one.
  private <T> T inTransaction(Function<Handle, T> work) {
    HandleCallback<T, RuntimeException> callback =
        handle -> {
          handle.execute("select pg_advisory_xact_lock(" + LOCK_KEY + ")");
          handle.execute("set local lock_timeout = '5s'");
          return work.apply(handle);
        };
    return SqlErrors.translating(
        "maintaining history partitions", () -> jdbi.inTransaction(callback));
  }
}
