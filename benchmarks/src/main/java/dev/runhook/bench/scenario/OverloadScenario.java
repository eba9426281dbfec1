package dev.runhook.bench.scenario;

import com.zaxxer.hikari.HikariDataSource;
import dev.runhook.bench.load.DatabaseSeeder;
import dev.runhook.bench.load.Dataset;
import dev.runhook.bench.load.OpenLoopClients;
import dev.runhook.bench.load.OpenLoopClients.Account;
import dev.runhook.bench.load.OpenLoopClients.Counts;
import dev.runhook.bench.load.Timestamps;
import dev.runhook.bench.process.ProcessUsage;
import dev.runhook.bench.report.Report;
import dev.runhook.bench.report.RoundResult;
import dev.runhook.bench.report.Statistics;
import dev.runhook.bench.report.Table;
import dev.runhook.bench.sink.ReceiptLog;
import dev.runhook.bench.sink.ReceiptLog.Receipt;
import dev.runhook.bench.system.Environment;
import dev.runhook.bench.system.SystemFactory;
import dev.runhook.bench.system.SystemFactory.RunningServer;
import dev.runhook.bench.system.SystemUnderTest;
import dev.runhook.domain.account.AccountId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;

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
  private static final double MIN_GOODPUT = 0.9;
  private static final double MAX_LATENCY = 2;
  private static final double MAX_MEMORY = 1.25;

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
    List<Step> steps = new ArrayList<>();
    steps.add(accounts.report("no flood", 0, time.dividedBy(5)));
    for (int factor : FACTORS) {
      steps.add(accounts.report(factor + " × capacity", factor * capacity, time));
      report.progress("%s: %.0f delivered/s".formatted(steps.getLast().name, steps.getLast().goodput()));
    }
    steps.forEach(step -> report.round(step.toJson()));
    steps.forEach(step -> step.failures().forEach(report::failure));
    report
        .paragraph("capacity: %,.0f delivered/s".formatted(capacity))
        .paragraph(floodTable(steps))
        .paragraph(othersTable(steps))
        .paragraph(verdicts(capacity, steps.subList(1, steps.size())));
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
    Step report(String name, double floodPerSecond, Duration time) {
      environment.receipts().clear();
      long pid = server.nodes().getFirst().pid();
      ProcessUsage.resetPeak(pid);
      double cpuBefore = cpuSeconds(pid);
      int firstOther = environment.capacity() - 2 * OTHERS_PER_SECOND * (1 + (int) time.toSeconds());
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
      return new Step(
          name,
          time.toMillis() / 1e3,
          flood,
          calm,
          responses,
          Received.of(environment.receipts(), flood, calm, due, start + time.toNanos()),
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

  /// What the receivers got in one step.
  ///
  /// @param delivered the transitions that arrived before the step ended
  /// @param latencies the time until the receipt of each report of the other accounts
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Received(long delivered, long lost, long duplicates, long[] latencies) {
    static Received of(ReceiptLog receipts, Counts flood, Counts calm, Timestamps due, long end) {
      BitSet missing = (BitSet) flood.accepted().clone();
      missing.or(calm.accepted());
      BitSet received = new BitSet();
      long delivered = 0;
      LongStream.Builder latencies = LongStream.builder();
      for (int i = 0; i < receipts.count(); i++) {
        Receipt receipt = receipts.get(i);
        int number = (int) receipt.number();
        if (calm.accepted().get(number) && !received.get(number)) {
          latencies.add(receipt.at() - due.get(number));
        }
        delivered += receipt.at() < end && !received.get(number) ? 1 : 0;
        received.set(number);
      }
      missing.andNot(received);
      return new Received(
          delivered,
          missing.cardinality(),
          receipts.count() - received.cardinality(),
          latencies.build().toArray());
    }
  }

  /// @param calm the reports of the other accounts
  /// @param responses the time until the response to each of them
  /// @param cpuSeconds the CPU time of the server and of PostgreSQL, until everything was delivered
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Step(
      String name,
      double seconds,
      Counts flood,
      Counts calm,
      long[] responses,
      Received received,
      double cpuSeconds,
      double peakMegabytes) {
    long accepted() {
      return (long) flood.accepted().cardinality() + calm.accepted().cardinality();
    }

    /// Delivered transitions per second. What is delivered after the step does not count.
    double goodput() {
      return received.delivered / seconds;
    }

    /// The CPU time for each accepted transition, in microseconds.
    double cpuMicros() {
      return cpuSeconds * 1e6 / accepted();
    }

    double responseMillis() {
      return Statistics.percentile(responses, 0.99) / 1e6;
    }

    double receiptMillis() {
      return Statistics.percentile(received.latencies, 0.99) / 1e6;
    }

    List<String> failures() {
      List<String> failures = new ArrayList<>();
      if (received.lost > 0) {
        failures.add(name + ": " + received.lost + " accepted transitions are missing");
      }
      if (flood.incorrect() + calm.incorrect() > 0) {
        failures.add(
            "%s: %d reports got neither 201 nor 429 or 503 with Retry-After"
                .formatted(name, flood.incorrect() + calm.incorrect()));
      }
      return failures;
    }

    Map<String, Object> toJson() {
      Map<String, Object> json = new LinkedHashMap<>();
      json.put("step", name);
      json.put("seconds", seconds);
      json.put("offered", flood.offered());
      json.put("unsent", flood.unsent());
      json.put("status429", flood.tooMany());
      json.put("status503", flood.unavailable());
      json.put("accepted", accepted());
      json.put("deliveredPerSecond", goodput());
      json.put("othersRefused", calm.tooMany() + calm.unavailable());
      json.put("othersUnsent", calm.unsent());
      json.put("othersResponseP99Millis", responseMillis());
      json.put("othersReceiptP99Millis", receiptMillis());
      json.put("lost", received.lost);
      json.put("duplicates", received.duplicates);
      json.put("cpuMicrosPerTransition", cpuMicros());
      json.put("peakMegabytes", peakMegabytes);
      return json;
    }
  }

  private static Table floodTable(List<Step> steps) {
    Table table =
        new Table(
            List.of(
                "per second",
                "offered",
                "not sent",
                "429",
                "503",
                "accepted",
                "delivered",
                "left at the end",
                "lost",
                "duplicates",
                "CPU µs each",
                "peak MB"));
    for (Step step : steps) {
      Counts flood = step.flood;
      table.row(
          Stream.concat(
                  Stream.of(step.name),
                  DoubleStream.of(
                          flood.offered() / step.seconds,
                          flood.unsent() / step.seconds,
                          flood.tooMany() / step.seconds,
                          flood.unavailable() / step.seconds,
                          step.accepted() / step.seconds,
                          step.goodput(),
                          step.accepted() - step.received.delivered,
                          step.received.lost,
                          step.received.duplicates,
                          step.cpuMicros(),
                          step.peakMegabytes)
                      .mapToObj("%,.0f"::formatted))
              .toList());
    }
    return table;
  }

  private static Table othersTable(List<Step> steps) {
    Table table =
        new Table(
            List.of(
                "other accounts",
                "reports",
                "refused",
                "not sent",
                "response p50 ms",
                "p99 ms",
                "receipt p50 ms",
                "p99 ms"));
    for (Step step : steps) {
      table.row(
          List.of(
              step.name,
              Long.toString(step.calm.offered()),
              Long.toString(step.calm.tooMany() + step.calm.unavailable()),
              Long.toString(step.calm.unsent()),
              RoundResult.format(Statistics.percentile(step.responses, 0.5) / 1e6),
              RoundResult.format(step.responseMillis()),
              RoundResult.format(Statistics.percentile(step.received.latencies, 0.5) / 1e6),
              RoundResult.format(step.receiptMillis())));
    }
    return table;
  }

  /// @param steps those with a flood
  private static Table verdicts(double capacity, List<Step> steps) {
    double best = Math.max(capacity, max(steps, Step::goodput));
    double lowest = steps.stream().mapToDouble(Step::goodput).min().orElseThrow();
    return new Table(List.of("promise", "measured", ""))
        .row(verdict("delivered at least 0.9 of the maximum", lowest / best, lowest / best >= MIN_GOODPUT))
        .row(ratio("response p99 of others at most twice that at 1 ×", steps, Step::responseMillis, MAX_LATENCY))
        .row(ratio("receipt p99 of others at most twice that at 1 ×", steps, Step::receiptMillis, MAX_LATENCY))
        .row(ratio("memory flat: at most 1.25 of the peak at 1 ×", steps, Step::peakMegabytes, MAX_MEMORY))
        .row(none("refused without 429 or 503 and Retry-After", steps, step -> step.flood.incorrect() + step.calm.incorrect()))
        .row(none("refused reports of others", steps, step -> step.calm.tooMany() + step.calm.unavailable()))
        .row(none("accepted and lost", steps, step -> step.received.lost));
  }

  private static List<String> ratio(String promise, List<Step> steps, ToDoubleFunction<Step> figure, double max) {
    double ratio = max(steps, figure) / figure.applyAsDouble(steps.getFirst());
    return verdict(promise, ratio, ratio <= max);
  }

  private static List<String> none(String promise, List<Step> steps, ToDoubleFunction<Step> figure) {
    double sum = steps.stream().mapToDouble(figure).sum();
    return verdict(promise, sum, sum == 0);
  }

  private static List<String> verdict(String promise, double measured, boolean isKept) {
    return List.of(promise, RoundResult.format(measured), isKept ? "PASS" : "FAIL");
  }

  private static double max(List<Step> steps, ToDoubleFunction<Step> figure) {
    return steps.stream().mapToDouble(figure).max().orElseThrow();
  }
}
