package dev.runhook.bench.scenario;

import dev.runhook.bench.process.ProcessUsage;
import dev.runhook.bench.report.DeliveryCounts;
import dev.runhook.bench.report.MachineInfo;
import dev.runhook.bench.report.RoundResult;
import dev.runhook.bench.sink.ReceiptLog;
import dev.runhook.bench.system.Environment;
import dev.runhook.bench.system.SystemUnderTest;
import dev.runhook.bench.system.SystemUnderTest.TimeSpan;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/// Lets a subject do the work once, and looks what came of it and what it cost.
final class Measurement {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final double MEGABYTE = 1024 * 1024;

  private final Environment environment;

  Measurement(Environment site) {
    this.environment = site;
  }

  /// @param expected how many deliveries the reports make that the sink answers
  RoundResult run(SystemUnderTest systemUnderTest, int count, int expected) {
    environment.acknowledgements().clear(count);
    environment.receipts().clear();
    systemUnderTest.prepare(count);
    systemUnderTest.processes().values().forEach(ProcessUsage::resetPeak);
    Map<String, ProcessUsage> before = usage(systemUnderTest);
    TimeSpan timeSpan = systemUnderTest.run(count);
    awaitReceipts(environment.receipts(), expected);
    systemUnderTest.awaitIdle();
    Map<String, ProcessUsage> after = usage(systemUnderTest);
    DeliveryCounts deliveryCounts =
        DeliveryCounts.of(environment.receipts(), environment.acknowledgements(), expected);
    Map<String, Double> cpu = new HashMap<>();
    Map<String, Double> peak = new HashMap<>();
    before.forEach((part, use) -> {
      ProcessUsage used = after.getOrDefault(part, use).since(use);
      cpu.put(part, used.cpuSeconds() * 1e3 / expected);
      peak.put(part, used.peakBytes() / MEGABYTE);
    });
    return new RoundResult(
        systemUnderTest.name(),
        systemUnderTest.acceptsReports()
            ? count / seconds(timeSpan.to() - timeSpan.from())
            : Double.NaN,
        expected / seconds(deliveryCounts.lastAt() - timeSpan.from()),
        deliveryCounts.latencyMillis(0.5),
        deliveryCounts.latencyMillis(0.99),
        cpu,
        peak,
        deliveryCounts.lost(),
        deliveryCounts.duplicates(),
        MachineInfo.loadAverage());
  }

  /// Waits for so many receipts; less, if none came for a while.
  static void awaitReceipts(ReceiptLog receiptLog, int expected) {
    int seen = -1;
    long since = System.nanoTime();
    while (receiptLog.count() < expected && System.nanoTime() - since < PATIENCE.toNanos()) {
      if (receiptLog.count() != seen) {
        seen = receiptLog.count();
        since = System.nanoTime();
      }
      Sleeper.sleep(Duration.ofMillis(1));
    }
  }

  private Map<String, ProcessUsage> usage(SystemUnderTest systemUnderTest) {
    Map<String, ProcessUsage> usage = new HashMap<>();
    systemUnderTest.processes().forEach((part, pid) -> usage.put(part, ProcessUsage.of(pid)));
    usage.put("postgres", ProcessUsage.ofProcessTree(environment.postgres().pid()));
    usage.put("sink", ProcessUsage.of(environment.sink().pid()));
    return usage;
  }

  private static double seconds(long nanos) {
    return nanos / 1e9;
  }
}
