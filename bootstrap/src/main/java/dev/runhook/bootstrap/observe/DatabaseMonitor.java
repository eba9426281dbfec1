package dev.runhook.bootstrap.observe;

import dev.runhook.application.spi.BucketRouter;
import dev.runhook.application.spi.StoreUnavailableException;
import dev.runhook.http.server.Readiness.Check;
import dev.runhook.persistence.stats.ReplicationStats.Status;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/// Watches a database: whether it responds, how it is replicated, and what a new primary contains.
public final class DatabaseMonitor {
  private static final Logger LOG = LoggerFactory.getLogger(DatabaseMonitor.class);
  private static final String NO_STANDBY =
      "no synchronous standby is connected; reports wait for one";
  private static final String NOT_SYNCHRONOUS =
      "commits do not wait for a standby; a failover can lose acknowledged transitions";

  private final MonitoredDatabase database;
  private final AcknowledgedTransitions acknowledged;
  private final BucketRouter buckets;
  private final Counter lostTransitions;
  private volatile Optional<Status> latest = Optional.empty();
  private volatile boolean up;
  private CompletableFuture<List<Check>> checks = // guarded by this
      CompletableFuture.completedFuture(List.of());

  /// @param number starting at 1
  /// @param suffix of the names of its checks; empty for the only database
  /// @param replicated whether there are several servers, one of which is the primary
  /// @param hasSchema whether the tables exist
  /// @param unsafeSettings finds settings that lose commits if the primary is lost
  public record MonitoredDatabase(
      int number,
      String suffix,
      boolean replicated,
      BooleanSupplier hasSchema,
      Supplier<Status> status,
      Supplier<List<String>> unsafeSettings) {}

  /// @param acknowledged the transitions that this database should have
  public DatabaseMonitor(
      MonitoredDatabase database,
      AcknowledgedTransitions acknowledged,
      BucketRouter buckets,
      MeterRegistry registry) {
    this.database = database;
    this.acknowledged = acknowledged;
    this.buckets = buckets;
    String number = Integer.toString(database.number());
    Gauge.builder("runhook.database.up", () -> up ? 1 : 0)
        .description("Whether the database has answered the last query of the monitor")
        .tag("database", number)
        .register(registry);
    Gauge.builder("runhook.database.synchronous.standbys", this::synchronousStandbys)
        .description("Standbys that can confirm a commit; NaN if unknown or with one host")
        .tag("database", number)
        .register(registry);
    this.lostTransitions =
        Counter.builder("runhook.database.lost.transitions")
            .description("Acknowledged transitions that a new primary was found not to contain")
            .tag("database", number)
            .register(registry);
  }

  /// Reads the status, and checks the new primary if there is one.
  public synchronized void sample() {
    Status status;
    try {
      status = database.status().get();
      up = true;
      if (latest.isPresent() && !latest.get().timeline().equals(status.timeline())) {
        checkNewPrimary(status.timeline());
      }
    } catch (RuntimeException e) {
      if (e instanceof StoreUnavailableException) {
        up = false;
      }
      LOG.debug("reading the status of the database failed; it will be tried again", e);
      return;
    }
    Optional<String> problem = findProblem(status);
    if (problem.isPresent() && !problem.equals(latest.flatMap(this::findProblem))) {
      boolean isLoss = database.replicated() && !status.waitsForStandby();
      log(isLoss ? LOG.atError() : LOG.atWarn()).log(problem.get());
    }
    latest = Optional.of(status);
  }

  private LoggingEventBuilder log(LoggingEventBuilder line) {
    return database.suffix().isEmpty() ? line : line.addKeyValue("database", database.number());
  }

  /// Returns what is wrong with the replication. With one host, the operator may have planned it.
  private Optional<String> findProblem(Status status) {
    if (status.synchronousStandbys().isEmpty() || status.synchronousStandbys().get() > 0) {
      return Optional.empty();
    }
    if (database.replicated()) {
      return Optional.of(status.waitsForStandby() ? NO_STANDBY : NOT_SYNCHRONOUS);
    }
    return status.asynchronousStandbys() > 0
        ? Optional.of("all standbys are asynchronous; a failover can lose acknowledged transitions")
        : Optional.empty();
  }

  /// Begins the checks for `/health/ready`, unless the last ones still wait for the database.
  synchronized CompletableFuture<List<Check>> startChecks() {
    if (checks.isDone()) {
      checks = CompletableFuture.supplyAsync(this::check, Thread::startVirtualThread);
    }
    return checks;
  }

  /// Waits for the checks for a limited time.
  List<Check> await(CompletableFuture<List<Check>> started, Duration timeout) {
    return started
        .copy()
        .completeOnTimeout(
            List.of(unreachable("no response within " + timeout.toMillis() + " ms")),
            timeout.toMillis(),
            TimeUnit.MILLISECONDS)
        .join();
  }

  private List<Check> check() {
    boolean hasSchema;
    try {
      hasSchema = database.hasSchema().getAsBoolean();
    } catch (RuntimeException ignored) {
      return List.of(unreachable("unreachable"));
    }
    List<Check> results = new ArrayList<>();
    results.add(new Check("database" + database.suffix(), true, "reachable"));
    results.add(
        new Check(
            "schema" + database.suffix(),
            hasSchema,
            hasSchema ? "exists" : "does not exist; start a server to create it"));
    describeReplication()
        .ifPresent(text -> results.add(new Check("replication" + database.suffix(), true, text)));
    return List.copyOf(results);
  }

  private Check unreachable(String detail) {
    return new Check("database" + database.suffix(), false, detail);
  }

  /// Whether these checks of all databases say that this one can be used.
  boolean isUsable(List<Check> all) {
    return all.stream()
        .filter(check -> check.name().endsWith(database.suffix()))
        .allMatch(Check::ok);
  }

  /// The check never fails, because the process can still do everything that needs no commit.
  private Optional<String> describeReplication() {
    Optional<String> problem = latest.flatMap(this::findProblem);
    if (problem.isPresent() || !database.replicated()) {
      return problem;
    }
    return Optional.of(
        latest
            .flatMap(Status::synchronousStandbys)
            .map(standbys -> "synchronous standbys connected: " + standbys)
            .orElse("unknown; does the user of the database have the role pg_read_all_stats?"));
  }

  private double synchronousStandbys() {
    return latest
        .flatMap(Status::synchronousStandbys)
        .filter(_ -> database.replicated())
        .map(Integer::doubleValue)
        .orElse(Double.NaN);
  }

  private void checkNewPrimary(String timeline) {
    List<String> lost = acknowledged.findLost(buckets);
    if (!lost.isEmpty()) {
      lostTransitions.increment(lost.size());
      log(LOG.atError())
          .addKeyValue("timeline", timeline)
          .addKeyValue("first", lost.getFirst())
          .addKeyValue("last", lost.getLast())
          .log(
              "the database has lost acknowledged transitions: a standby or a backup with older data"
                  + " has become the primary. Stop all processes and follow the steps for a restore"
                  + " in docs/operations/backup.md, from step 3");
    } else {
      log(LOG.atInfo()).addKeyValue("timeline", timeline).log("the database has a new primary");
    }
    List<String> unsafe = database.unsafeSettings().get();
    if (!unsafe.isEmpty()) {
      log(LOG.atError())
          .log(
              "the new primary has {}, so that its loss can lose acknowledged transitions",
              String.join(", ", unsafe));
    }
  }
}
