package dev.runhook.bench.scenario;

import dev.runhook.bench.load.Dataset;
import dev.runhook.bench.report.Report;
import dev.runhook.bench.report.RoundResult;
import dev.runhook.bench.report.Statistics;
import dev.runhook.bench.report.Table;
import dev.runhook.bench.system.Environment;
import dev.runhook.bench.system.PacedServerSystem;
import dev.runhook.bench.system.SystemFactory;
import dev.runhook.bench.system.SystemUnderTest;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/// Measures the latency of healthy endpoints twice: while all endpoints respond, and while every
/// tenth endpoint hangs.
public final class SlowReceiversScenario implements Scenario {
  private static final int PER_SECOND = 500;
  private static final int HANGING_INTERVAL = 10;

  @Override
  public String name() {
    return "slow-receivers";
  }

  @Override
  public void measure(Environment environment, Options options, Report report) {
    Dataset dataset =
        new Dataset(options.stacks, options.runs - (options.runs % options.stacks), 1);
    SystemFactory systems =
        new SystemFactory(environment, dataset, options.clients, options.window);
    int count = PER_SECOND * options.seconds;
    int expected = respondingCount(count, options.stacks);
    SystemFactory.RunningServer healthy = systems.server("healthy");
    SystemFactory.RunningServer hanging =
        systems.server(
            "hanging",
            webhook ->
                hangs(webhook)
                    ? environment.hangingEndpoint(webhook)
                    : environment.endpoint(webhook));
    SystemUnderTest allRespond =
        new PacedServerSystem("all respond", healthy, healthy.loadGenerator(8), PER_SECOND);
    SystemUnderTest withHangingEndpoints =
        new PacedServerSystem("every tenth hangs", hanging, hanging.loadGenerator(8), PER_SECOND);
    Measurement measurement = new Measurement(environment, report);
    List<RoundResult> baseline = new ArrayList<>();
    List<RoundResult> withHanging = new ArrayList<>();
    measurement.run(allRespond, count / 2, count / 2);
    measurement.run(withHangingEndpoints, count / 2, respondingCount(count / 2, options.stacks));
    for (int round = 1; round <= options.rounds; round++) {
      baseline.add(measurement.run(allRespond, count, count));
      withHanging.add(measurement.run(withHangingEndpoints, count, expected));
      report.round(baseline.getLast().toJson(round)).round(withHanging.getLast().toJson(round));
    }
    addTable(report, baseline, withHanging);
  }

  /// Returns how many of the first reports are for endpoints that respond.
  private static int respondingCount(int count, int stacks) {
    return (int) IntStream.range(0, count).filter(number -> !hangs(number % stacks)).count();
  }

  private static boolean hangs(int webhook) {
    return webhook % HANGING_INTERVAL == HANGING_INTERVAL - 1;
  }

  private static void addTable(
      Report report, List<RoundResult> baseline, List<RoundResult> withHanging) {
    Table table = new Table(List.of("", "p50 ms", "p99 ms", "p99 ratio", "lost", "duplicates"));
    for (List<RoundResult> rounds : List.of(baseline, withHanging)) {
      RoundResult median = RoundResult.median(rounds);
      List<Double> ratios = new ArrayList<>();
      for (int i = 0; i < rounds.size(); i++) {
        ratios.add(rounds.get(i).p99Millis() / baseline.get(i).p99Millis());
      }
      table.row(
          List.of(
              median.system(),
              RoundResult.format(median.p50Millis()),
              RoundResult.format(median.p99Millis()),
              RoundResult.format(Statistics.median(ratios)),
              Long.toString(median.lost()),
              Long.toString(median.duplicates())));
    }
    report.paragraph(table);
  }
}
