package dev.runhook.bench.overload;

import dev.runhook.bench.load.OpenLoopClients.Counts;
import dev.runhook.bench.report.RoundResult;
import dev.runhook.bench.report.Statistics;
import dev.runhook.bench.report.Table;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;

/// The tables of the overload benchmark, and whether a server keeps its promises.
///
/// @param steps the first one has no flood
/// @param capacity delivered transitions per second
public record OverloadTables(List<OverloadStep> steps, double capacity) {
  private static final double MIN_GOODPUT = 0.9;
  private static final double MAX_LATENCY = 2;
  private static final double MAX_MEMORY = 1.25;

  public Table flood() {
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
    for (OverloadStep step : steps) {
      Counts flood = step.flood();
      table.row(
          Stream.concat(
                  Stream.of(step.name()),
                  DoubleStream.of(
                          flood.offered() / step.seconds(),
                          flood.unsent() / step.seconds(),
                          flood.tooMany() / step.seconds(),
                          flood.unavailable() / step.seconds(),
                          step.accepted() / step.seconds(),
                          step.goodput(),
                          (double) (step.accepted() - step.received().delivered()),
                          (double) step.received().lost(),
                          (double) step.received().duplicates(),
                          step.cpuMicros(),
                          step.peakMegabytes())
                      .mapToObj("%,.0f"::formatted))
              .toList());
    }
    return table;
  }

  public Table others() {
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
    for (OverloadStep step : steps) {
      table.row(
          List.of(
              step.name(),
              Long.toString(step.calm().offered()),
              Long.toString(step.calm().tooMany() + step.calm().unavailable()),
              Long.toString(step.calm().unsent()),
              RoundResult.format(Statistics.percentile(step.responses(), 0.5) / 1e6),
              RoundResult.format(step.responseMillis()),
              RoundResult.format(Statistics.percentile(step.received().latencies(), 0.5) / 1e6),
              RoundResult.format(step.receiptMillis())));
    }
    return table;
  }

  public Table verdicts() {
    double best = Math.max(capacity, max(OverloadStep::goodput));
    double lowest = flooded().stream().mapToDouble(OverloadStep::goodput).min().orElseThrow();
    return new Table(List.of("promise", "measured", ""))
        .row(
            verdict(
                "delivered at least 0.9 of the maximum",
                lowest / best,
                lowest / best >= MIN_GOODPUT))
        .row(
            ratio(
                "response p99 of others at most twice that at 1 ×",
                OverloadStep::responseMillis,
                MAX_LATENCY))
        .row(
            ratio(
                "receipt p99 of others at most twice that at 1 ×",
                OverloadStep::receiptMillis,
                MAX_LATENCY))
        .row(
            ratio(
                "memory flat: at most 1.25 of the peak at 1 ×",
                OverloadStep::peakMegabytes,
                MAX_MEMORY))
        .row(
            none(
                "refused without 429 or 503 and Retry-After",
                step -> step.flood().incorrectCount() + step.calm().incorrectCount()))
        .row(
            none(
                "refused reports of others",
                step -> step.calm().tooMany() + step.calm().unavailable()))
        .row(none("accepted and lost", step -> step.received().lost()));
  }

  private List<String> ratio(String promise, ToDoubleFunction<OverloadStep> figure, double max) {
    double ratio = max(figure) / figure.applyAsDouble(flooded().getFirst());
    return verdict(promise, ratio, ratio <= max);
  }

  private List<String> none(String promise, ToDoubleFunction<OverloadStep> figure) {
    double sum = flooded().stream().mapToDouble(figure).sum();
    return verdict(promise, sum, sum == 0);
  }

  private static List<String> verdict(String promise, double measured, boolean isKept) {
    return List.of(promise, RoundResult.format(measured), isKept ? "PASS" : "FAIL");
  }

  private double max(ToDoubleFunction<OverloadStep> figure) {
    return flooded().stream().mapToDouble(figure).max().orElseThrow();
  }

  private List<OverloadStep> flooded() {
    return steps.subList(1, steps.size());
  }
}
