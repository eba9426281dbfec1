package dev.runhook.bench.scenario;

import com.zaxxer.hikari.HikariDataSource;
import dev.runhook.bench.load.DatabaseSeeder;
import dev.runhook.bench.load.Dataset;
import dev.runhook.bench.load.OpenLoopClients;
import dev.runhook.bench.load.OpenLoopClients.Account;
import dev.runhook.bench.load.OpenLoopClients.Counts;
import dev.runhook.bench.load.Timestamps;
import dev.runhook.bench.overload.OverloadStep;
import dev.runhook.bench.overload.OverloadTables;
import dev.runhook.bench.process.ProcessUsage;
import dev.runhook.bench.report.Report;
import dev.runhook.bench.report.RoundResult;
import dev.runhook.bench.report.Statistics;
import dev.runhook.bench.system.Environment;
import dev.runhook.bench.system.SystemFactory;
import dev.runhook.bench.system.SystemFactory.RunningServer;
import dev.runhook.bench.system.SystemUnderTest;
import dev.runhook.domain.account.AccountId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/// Measures the capacity of a server, and then offers it more and more: one account floods it with
/// batches, while others report at a constant rate. Judges what a server promises under overload.
public final class OverloadScenario implements Scenario {
  private static final List<Integer> FACTORS = List.of(1, 2, 5, 10);
  private static final int BATCH = 100;
  private static final int FLOOD_CONNECTIONS = 256;

  private static final int OTHERS = 4;
  private static final int OTHERS_PER_SECOND = 100;
  private static final int OTHER_CONNECTIONS = 500;

  /// More than a server can deliver.
  private static final int MAX_PER_SECOND = 30_000;

  private static final double MEGABYTE = 1024 * 1024;

  @Override
  public String name() {
    return "overload";
  }

  @Override
  public int capacity(Options options) {
    long perStep = MAX_PER_SECOND * stepTime(options).toMillis() / 1_000;
    return Math.max(options.capacity(), (int) perStep);
  }

  private static Duration stepTime(Options options) {
    return Duration.ofMillis((long) (options.minutes * 60_000 / FACTORS.size()));
  }

  @Override
  public void measure(Environment environment, Options options, Report report) {
    Dataset flood = new Dataset(options.stacks, options.runs, 1);
    RunningServer server =
        new SystemFactory(environment, flood, options.clients, options.window).server("server");
    Accounts accounts =
        new Accounts(
            environment,
            server,
            List.of(new Account(flood, SystemFactory.TOKEN)),
            createOthers(environment, environment.postgres().pool("server")));
    double capacity = measureCapacity(environment, options, report, server);
    Duration time = stepTime(options);
    List<OverloadStep> steps = new ArrayList<>();
    steps.add(accounts.report("no flood", 0, time.dividedBy(5)));
    for (int factor : FACTORS) {
      steps.add(accounts.report(factor + " × capacity", factor * capacity, time));
      report.progress(
          "%s: %.0f delivered/s".formatted(steps.getLast().name(), steps.getLast().goodput()));
    }
    steps.forEach(step -> report.round(step.toJson()));
    steps.forEach(step -> step.failures().forEach(report::failure));
    OverloadTables tables = new OverloadTables(steps, capacity);
    report
        .paragraph("capacity: %,.0f delivered/s".formatted(capacity))
        .paragraph(tables.flood())
        .paragraph(tables.others())
        .paragraph(tables.verdicts());
  }

  /// Creates accounts with data in the database of a server.
  private static List<Account> createOthers(Environment environment, HikariDataSource database) {
    List<Account> others = new ArrayList<>();
    for (int i = 1; i <= OTHERS; i++) {
      AccountId id = new AccountId("other-" + i);
      Dataset dataset = new Dataset(id, 5, 250, 1);
      DatabaseSeeder.seed(dataset, List.of(database), environment::endpoint);
      others.add(new Account(dataset, DatabaseSeeder.createToken(id, database)));
    }
    return others;
  }

  /// Returns how many transitions a server delivers per second if it gets no more than that.
  private static double measureCapacity(
      Environment environment, Options options, Report report, RunningServer server) {
    Measurement measurement = new Measurement(environment, report);
    SystemUnderTest system = server.underLoad("capacity", BATCH);
    measurement.run(system, options.warmUp, options.warmUp);
    List<Double> rates = new ArrayList<>();
    for (int round = 1; round <= options.rounds; round++) {
      RoundResult result = measurement.run(system, options.transitions, options.transitions);
      report.progress("capacity: %.0f delivered/s".formatted(result.deliveredPerSecond()));
      report.round(result.toJson(round));
      rates.add(result.deliveredPerSecond());
    }
    return Statistics.median(rates);
  }

  /// The accounts of a server.
  private record Accounts(
      Environment environment, RunningServer server, List<Account> flooding, List<Account> others) {
    /// Reports for some time, and then waits until everything is delivered.
    ///
    /// @param floodPerSecond 0 for no flood
    OverloadStep report(String name, double floodPerSecond, Duration time) {
      environment.receipts().clear();
      long pid = server.nodes().getFirst().pid();
      ProcessUsage.resetPeak(pid);
      double cpuBefore = cpuSeconds(pid);
      int firstOther =
          environment.capacity() - 2 * OTHERS_PER_SECOND * (1 + (int) time.toSeconds());
      Timestamps due = Timestamps.map(environment.folder().resolve("due"), environment.capacity());
      Counts flood = new Counts();
      Counts calm;
      long start = System.nanoTime();
      try (OpenLoopClients floodClients = clients(FLOOD_CONNECTIONS, flooding, 0, due);
          OpenLoopClients otherClients = clients(OTHER_CONNECTIONS, others, firstOther, due);
          ExecutorService thread = Executors.newSingleThreadExecutor()) {
        CompletableFuture<Counts> running =
            CompletableFuture.supplyAsync(
                () -> otherClients.run(OTHERS_PER_SECOND, 1, time), thread);
        if (floodPerSecond > 0) {
          flood = floodClients.run(floodPerSecond, BATCH, time);
        }
        calm = running.join();
      }
      int accepted = flood.accepted().cardinality() + calm.accepted().cardinality();
      Measurement.awaitReceipts(environment.receipts(), accepted);
      server.awaitIdle();
      long[] responses =
          calm.accepted().stream()
              .mapToLong(number -> environment.acknowledgements().get(number) - due.get(number))
              .toArray();
      return new OverloadStep(
          name,
          time.toMillis() / 1e3,
          flood,
          calm,
          responses,
          OverloadStep.Received.of(
              environment.receipts(), flood, calm, due, start + time.toNanos()),
          cpuSeconds(pid) - cpuBefore,
          ProcessUsage.of(pid).peakBytes() / MEGABYTE);
    }

    /// Returns the CPU time of the server and of PostgreSQL.
    private double cpuSeconds(long pid) {
      return ProcessUsage.of(pid).cpuSeconds()
          + ProcessUsage.ofProcessTree(environment.postgres().pid()).cpuSeconds();
    }

    private OpenLoopClients clients(
        int connections, List<Account> accounts, int firstNumber, Timestamps due) {
      return OpenLoopClients.open(
          server.nodes().getFirst().port(),
          connections,
          accounts,
          firstNumber,
          due,
          environment.acknowledgements());
    }
  }
}
