package dev.runhook.bench.scenario;

import dev.runhook.bench.measure.Figures;
import dev.runhook.bench.measure.Machine;
import dev.runhook.bench.measure.Tally;
import dev.runhook.bench.process.Usage;
import dev.runhook.bench.sink.Receipts;
import dev.runhook.bench.subject.Site;
import dev.runhook.bench.subject.Subject;
import dev.runhook.bench.subject.Subject.Span;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/// Lets a subject do the work once, and looks what came of it and what it cost.
final class Trial {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final double MEGABYTE = 1024 * 1024;

  private final Site site;

  Trial(Site site) {
    this.site = site;
  }

  /// @param expected how many deliveries the reports make that the sink answers
  Figures run(Subject subject, int count, int expected) {
    site.answered().clear(count);
    site.receipts().clear();
    subject.prepare(count);
    subject.processes().values().forEach(Usage::forgetPeak);
    Map<String, Usage> before = usage(subject);
    Span span = subject.run(count);
    awaitAll(site.receipts(), expected);
    subject.settle();
    Map<String, Usage> after = usage(subject);
    Tally tally = Tally.of(site.receipts(), site.answered(), expected);
    Map<String, Double> cpu = new HashMap<>();
    Map<String, Double> peak = new HashMap<>();
    before.forEach((part, use) -> {
      Usage used = after.getOrDefault(part, use).since(use);
      cpu.put(part, used.cpuSeconds() * 1e3 / expected);
      peak.put(part, used.peakBytes() / MEGABYTE);
    });
    return new Figures(
        subject.name(),
        subject.takesReports() ? count / seconds(span.to() - span.from()) : Double.NaN,
        expected / seconds(tally.lastAt() - span.from()),
        tally.millisAt(0.5),
        tally.millisAt(0.99),
        cpu,
        peak,
        tally.lost(),
        tally.duplicates(),
        Machine.loadAverage());
  }

  /// Waits for so many receipts; less, if none came for a while.
  static void awaitAll(Receipts receipts, int expected) {
    int seen = -1;
    long since = System.nanoTime();
    while (receipts.count() < expected && System.nanoTime() - since < PATIENCE.toNanos()) {
      if (receipts.count() != seen) {
        seen = receipts.count();
        since = System.nanoTime();
      }
      Pause.of(Duration.ofMillis(1));
    }
  }

  private Map<String, Usage> usage(Subject subject) {
    Map<String, Usage> usage = new HashMap<>();
    subject.processes().forEach((part, pid) -> usage.put(part, Usage.of(pid)));
    usage.put("postgres", Usage.ofFamily(site.cluster().pid()));
    usage.put("sink", Usage.of(site.sink().pid()));
    return usage;
  }

  private static double seconds(long nanos) {
    return nanos / 1e9;
  }
}
