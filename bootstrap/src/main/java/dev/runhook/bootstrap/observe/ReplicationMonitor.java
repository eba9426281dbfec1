package dev.runhook.bootstrap.observe;

import dev.runhook.application.spi.BucketRouter;
import dev.runhook.http.server.Readiness.Check;
import dev.runhook.persistence.stats.ReplicationStats.Status;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Watches the replication of the database, and what a new primary contains.
public final class ReplicationMonitor {
  private static final Logger LOG = LoggerFactory.getLogger(ReplicationMonitor.class);

  private final MonitoredDatabase database;
  private final AcknowledgedTransitions acknowledged;
  private final BucketRouter buckets;
  private final Counter lostTransitions;
  private volatile Optional<Status> latest = Optional.empty();

  /// @param replicated whether there are several servers, one of which is the primary
  /// @param unsafeSettings finds settings that lose commits if the primary is lost
  public record MonitoredDatabase(
      boolean replicated, Supplier<Status> status, Supplier<List<String>> unsafeSettings) {}

  public ReplicationMonitor(
      MonitoredDatabase database,
      AcknowledgedTransitions acknowledged,
      BucketRouter buckets,
      MeterRegistry registry) {
    this.database = database;
    this.acknowledged = acknowledged;
    this.buckets = buckets;
    Gauge.builder("runhook.database.synchronous.standbys", this::synchronousStandbys)
        .description("Standbys that can confirm a commit; NaN if unknown or with one host")
        .register(registry);
    this.lostTransitions =
        Counter.builder("runhook.database.lost.transitions")
            .description("Acknowledged transitions that a new primary was found not to contain")
            .register(registry);
  }

  /// Reads the status, and checks the new primary if there is one.
  public synchronized void sample() {
    Status status;
    try {
      status = database.status().get();
      if (latest.isPresent() && !latest.get().timeline().equals(status.timeline())) {
        checkNewPrimary(status.timeline());
      }
    } catch (RuntimeException e) {
      LOG.debug("reading the status of the replication failed; it will be tried again", e);
      return;
    }
    if (withoutStandby(Optional.of(status)) && !withoutStandby(latest)) {
      LOG.warn("no synchronous standby is connected to the database; reports wait for one");
    }
    latest = Optional.of(status);
  }

  /// Returns the status for `/health/ready`, or empty with one host. The check never fails, because
  /// the process can still do everything that needs no commit.
  Optional<Check> check() {
    return database.replicated()
        ? Optional.of(new Check("replication", true, describe()))
        : Optional.empty();
  }

  private String describe() {
    if (withoutStandby(latest)) {
      return "no synchronous standby is connected; reports wait for one";
    }
    return latest
        .flatMap(Status::synchronousStandbys)
        .map(standbys -> "synchronous standbys connected: " + standbys)
        .orElse("unknown; does the user of the database have the role pg_read_all_stats?");
  }

  private boolean withoutStandby(Optional<Status> status) {
    return database.replicated()
        && status
            .flatMap(Status::synchronousStandbys)
            .filter(standbys -> standbys == 0)
            .isPresent();
  }

  private double synchronousStandbys() {
    return latest
        .flatMap(Status::synchronousStandbys)
        .filter(_ -> database.replicated())
        .map(Integer::doubleValue)
        .orElse(Double.NaN);
  }

  private void checkNewPrimary(String timeline) {
    List<String> unsafe = database.unsafeSettings().get();
    List<String> lost = acknowledged.findLost(buckets);
    if (!lost.isEmpty()) {
      lostTransitions.increment(lost.size());
      LOG.atError()
          .addKeyValue("timeline", timeline)
          .addKeyValue("first", lost.getFirst())
          .addKeyValue("last", lost.getLast())
          .log(
              "the database has lost acknowledged transitions: a standby or a backup with older data"
                  + " has become the primary. Stop all processes and follow the steps for a restore"
                  + " in docs/operations/backup.md, from step 3");
    } else {
      LOG.atInfo().addKeyValue("timeline", timeline).log("the database has a new primary");
    }
    if (!unsafe.isEmpty()) {
      LOG.error(
          "the new primary has {}, so that its loss can lose acknowledged transitions",
          String.join(", ", unsafe));
    }
  }
}
