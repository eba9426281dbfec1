package dev.runhook.bench.scenario;

import dev.runhook.bench.report.Report;
import dev.runhook.bench.report.RoundResult;
import dev.runhook.bench.report.Table;
import dev.runhook.bench.system.Environment;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/// Runs the JMH benchmarks of rendering, signing and parsing. Reports nanoseconds and allocated
/// bytes per operation.
public final class JmhScenario implements Scenario {
  @Override
  public String name() {
    return "jmh";
  }

  @Override
  public void measure(Environment environment, Options options, Report report) {
    Table table = new Table(List.of("", "ns", "+/-", "bytes allocated"));
    for (RunResult result : results()) {
      String name = result.getPrimaryResult().getLabel();
      double nanos = result.getPrimaryResult().getScore();
      double bytes =
          Objects.requireNonNull(result.getSecondaryResults().get("gc.alloc.rate.norm")).getScore();
      table.row(
          List.of(
              name,
              RoundResult.format(nanos),
              RoundResult.format(result.getPrimaryResult().getScoreError()),
              RoundResult.format(bytes)));
      report.round(Map.of("benchmark", name, "nanos", nanos, "allocatedBytes", bytes));
    }
    report.paragraph(table);
  }

  private static Collection<RunResult> results() {
    try {
      return new Runner(
              new OptionsBuilder()
                  .include("dev\\.runhook\\.")
                  .addProfiler(GCProfiler.class)
                  .jvmArgsAppend("--enable-native-access=ALL-UNNAMED")
                  .build())
          .run();
    } catch (RunnerException e) {
      throw new IllegalStateException(e);
    }
  }
}
