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

/// Every tenth endpoint never answers: what the others feel of it.
public final class SlowReceiversScenario implements Scenario {
  private static final int PER_SECOND = 500;
  private static final int EVERY = 10;

  @Override
  public String name() {
    return "sick";
  }

  @Override
  public void measure(Environment environment, Options options, Report report) {
    Dataset dataset =
        new Dataset(options.stacks, options.runs - (options.runs % options.stacks), 1);
    SystemFactory systemFactory =
        new SystemFactory(environment, dataset, options.clients, options.window);
    int count = PER_SECOND * options.seconds;
    int healthy = healthyOf(count, options.stacks);
    try (SystemFactory.RunningServer well = systemFactory.server("well");
        SystemFactory.RunningServer sick =
            systemFactory.server(
                "sick",
                webhook ->
                    isSick(webhook)
                        ? environment.hangingEndpoint(webhook)
                        : environment.endpoint(webhook));
        SystemUnderTest wellPaced =
            new PacedServerSystem("all are well", well.child(), well.loadGenerator(8), PER_SECOND);
        SystemUnderTest sickPaced =
            new PacedServerSystem(
                "every tenth hangs", sick.child(), sick.loadGenerator(8), PER_SECOND)) {
      Measurement measurement = new Measurement(environment);
      List<RoundResult> before = new ArrayList<>();
      List<RoundResult> beside = new ArrayList<>();
      measurement.run(wellPaced, count / 2, count / 2);
      measurement.run(sickPaced, count / 2, healthyOf(count / 2, options.stacks));
      for (int round = 1; round <= options.rounds; round++) {
        before.add(measurement.run(wellPaced, count, count));
        beside.add(measurement.run(sickPaced, count, healthy));
        report.round(before.getLast().toJson(round)).round(beside.getLast().toJson(round));
      }
      tell(report, before, beside);
    }
  }

  /// How many of the first so many reports are for endpoints that answer.
  private static int healthyOf(int count, int stacks) {
    return (int) IntStream.range(0, count).filter(number -> !isSick(number % stacks)).count();
  }

  private static boolean isSick(int webhook) {
    return webhook % EVERY == EVERY - 1;
  }

  private static void tell(Report report, List<RoundResult> before, List<RoundResult> beside) {
    Table table = new Table(List.of("", "p50 ms", "p99 ms", "x p99", "lost", "twice"));
    for (List<RoundResult> rounds : List.of(before, beside)) {
      RoundResult median = RoundResult.median(rounds);
      List<Double> ratios = new ArrayList<>();
      for (int i = 0; i < rounds.size(); i++) {
        ratios.add(rounds.get(i).p99Millis() / before.get(i).p99Millis());
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
