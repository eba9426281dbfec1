package dev.runhook.persistence.history;

import dev.runhook.application.spi.HistoryPartitions;
import dev.runhook.persistence.jdbi.JdbiConfig;
import dev.runhook.persistence.jdbi.SqlErrors;
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
import org.jdbi.v3.core.Jdbi;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The history as parts by day (UTC) of the tables that only grow. What belongs to no prepared day
/// goes to a part of its own, so that nothing is ever turned away. Thread-safe; several processes
/// may tidy at the same time.
public final class JdbiHistoryPartitions implements HistoryPartitions {
  /// Whoever changes parts holds this advisory lock.
  public static final long LOCK_KEY = 0x72756e686f6f6bL;

  private static final Logger LOG = LoggerFactory.getLogger(JdbiHistoryPartitions.class);
  private static final String CHECK_VIOLATION = "23514";

  private final Jdbi jdbi;
  private final Function<Handle, Instant> clock;

  public JdbiHistoryPartitions(DataSource dataSource) {
    this(dataSource, JdbiHistoryPartitions::now);
  }

  /// @param clock in the place of the store's
  public JdbiHistoryPartitions(DataSource dataSource, Function<Handle, Instant> clock) {
    this.jdbi = JdbiConfig.create(dataSource);
    this.clock = clock;
  }

  /// Makes the parts of all days from yesterday on. A day that already has rows elsewhere, because
  /// it was not prepared in time, stays there.
  @Override
  public void createAhead(Duration ahead) {
    prepare(guarded(clock).plus(ahead));
  }

  void prepare(Instant until) {
    prepare(today(), LocalDate.ofInstant(until, ZoneOffset.UTC));
  }

  public void prepareAhead(int days) {
    LocalDate today = today();
    prepare(today, today.plusDays(days));
  }

  private LocalDate today() {
    return LocalDate.ofInstant(guarded(clock), ZoneOffset.UTC);
  }

  private void prepare(LocalDate today, LocalDate last) {
    Set<String> there = guarded(DailyPartition::names);
    LocalDate yesterday = today.minusDays(1);
    yesterday
        .datesUntil(last.isBefore(yesterday) ? yesterday : last.plusDays(1))
        .flatMap(DailyPartition::ofAllTables)
        .filter(part -> !there.contains(part.name()))
        .forEach(this::make);
  }

  private void make(DailyPartition part) {
    try {
      guarded(handle -> {
        part.create(handle);
        return part;
      });
    } catch (RuntimeException e) {
      if (!SqlErrors.hasState(e, CHECK_VIOLATION)) {
        throw e;
      }
      LOG.atWarn()
          .addKeyValue("part", part.name())
          .log("left out a day that has rows in the default part already");
    }
  }

  /// Drops whole days, and deletes as old rows one by one where they are in no day's part. Of open
  /// deliveries it deletes also those whose event is forgotten, and in the end the runs that
  /// nothing is left of and what no attempt was sent by any more.
  @Override
  public int dropOlderThan(Duration age) {
    return forget(guarded(clock).minus(age));
  }

  /// Open deliveries go first: one whose event is gone could only be taken in vain.
  int forget(Instant before) {
    LocalDate day = LocalDate.ofInstant(before, ZoneOffset.UTC);
    int open = forgetOpen(day);
    if (open > 0) {
      LOG.atWarn().addKeyValue("deliveries", open).log("forgot deliveries that were still open");
    }
    int dropped = 0;
    for (String name : guarded(DailyPartition::names)) {
      if (DailyPartition.parse(name).day().isBefore(day)) {
        dropped += guarded(handle -> DailyPartition.parse(name).drop(handle));
      }
    }
    guarded(handle -> DailyPartition.deleteFromDefaultPartitions(handle, day));
    forgetRuns(day);
    guarded(handle -> WebhookRevisions.deleteExpired(handle, day));
    return dropped;
  }

  private int forgetOpen(LocalDate day) {
    int all = 0;
    int some;
    do {
      some = guarded(handle -> new ExpiredDeliveries(handle).deleteBatch(day));
      all += some;
    } while (some == ExpiredDeliveries.BATCH_SIZE);
    return all;
  }

  private void forgetRuns(LocalDate day) {
    Optional<UUID> last = Optional.of(new UUID(0, 0));
    while (last.isPresent()) {
      UUID after = last.get();
      last = guarded(handle -> new ExpiredRuns(handle).deleteBatch(day, after));
    }
  }

  private static Instant now(Handle handle) {
    return handle
        .createQuery("select now()")
        .map((row, _) -> row.getTimestamp(1).toInstant())
        .one();
  }

  /// In a transaction under the lock. It waits no longer than some seconds for others, for whoever
  /// comes after would have to wait behind it.
  private <T> T guarded(Function<Handle, T> work) {
    try {
      return jdbi.inTransaction(handle -> {
        handle.execute("select pg_advisory_xact_lock(" + LOCK_KEY + ")");
        handle.execute("set local lock_timeout = '5s'");
        return work.apply(handle);
      });
    } catch (RuntimeException e) {
      throw SqlErrors.translate("tidying its history", e);
    }
  }
}
