package dev.runhook.bench.scenario;

import dev.runhook.bench.process.ProcessUsage;
import dev.runhook.bench.report.DeliveryCounts;
import dev.runhook.bench.report.MachineInfo;
import dev.runhook.bench.report.Report;
import dev.runhook.bench.report.RoundResult;
import dev.runhook.bench.sink.ReceiptLog;
import dev.runhook.bench.system.Environment;
import dev.runhook.bench.system.SystemUnderTest;
import dev.runhook.bench.system.SystemUnderTest.TimeSpan;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/// Runs one round of a system and measures its rates, latencies and costs.
final class Measurement {
  private static final Duration RECEIPT_TIMEOUT = Duration.ofSeconds(30);
  private static final double MEGABYTE = 1024 * 1024;

  private final Environment environment;
  private final Report report;

  /// @param report receives the deliveries that were not made, or not signed
  Measurement(Environment environment, Report report) {
    this.environment = environment;
    this.report = report;
  }

  /// @param count the number of reports
  /// @param expected the number of their deliveries to which the sink responds
  RoundResult run(SystemUnderTest system, int count, int expected) {
    environment.receipts().clear();
    system.prepare(count);
    environment.acknowledgements().clear(count);
    system.processes().values().forEach(ProcessUsage::resetPeak);
    Map<String, ProcessUsage> before = usage(system);
    TimeSpan timeSpan = system.run(count);
    awaitReceipts(environment.receipts(), expected);
    system.awaitIdle();
    Map<String, ProcessUsage> after = usage(system);
    DeliveryCounts deliveries =
        DeliveryCounts.of(environment.receipts(), environment.acknowledgements(), expected);
    deliveries
        .failures(system.signs())
        .forEach(failure -> report.failure(system.name() + ": " + failure));
    Map<String, Double> cpu = new HashMap<>();
    Map<String, Double> peak = new HashMap<>();
    before.forEach((process, earlier) -> {
      ProcessUsage used = after.getOrDefault(process, earlier).since(earlier);
      cpu.put(process, used.cpuSeconds() * 1e3 / expected);
      peak.put(process, used.peakBytes() / MEGABYTE);
    });
    return new RoundResult(
        system.name(),
        system.acceptsReports() ? count / seconds(timeSpan.to() - timeSpan.from()) : Double.NaN,
        expected / seconds(deliveries.lastAt() - timeSpan.from()),
        deliveries.latencyMillis(0.5),
        deliveries.latencyMillis(0.99),
        cpu,
        peak,
        deliveries.lost(),
        deliveries.duplicates(),
        MachineInfo.loadAverage());
  }

  /// Waits for the expected number of receipts. Stops if no receipt arrives for 30 s.
  static void awaitReceipts(ReceiptLog receipts, int expected) {
    int seen = -1;
    long lastChange = System.nanoTime();
    while (receipts.count() < expected
        && System.nanoTime() - lastChange < RECEIPT_TIMEOUT.toNanos()) {
      if (receipts.count() != seen) {
        seen = receipts.count();
        lastChange = System.nanoTime();
      }
      Sleeper.sleep(Duration.ofMillis(1));
    }
  }

  private Map<String, ProcessUsage> usage(SystemUnderTest system) {
    Map<String, ProcessUsage> usage = new HashMap<>();
    system.processes().forEach((process, pid) -> usage.put(process, ProcessUsage.of(pid)));
    usage.put("postgres", ProcessUsage.ofProcessTree(environment.postgres().pid()));
    usage.put("sink", ProcessUsage.of(environment.sink().pid()));
    return usage;
  }

  private static double seconds(long nanos) {
    return nanos / 1e9;
  }
}
