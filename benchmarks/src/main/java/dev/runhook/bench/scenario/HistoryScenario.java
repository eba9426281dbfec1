package dev.runhook.bench.scenario;

import dev.runhook.bench.load.Dataset;
import dev.runhook.bench.load.HistorySeeder;
import dev.runhook.bench.report.Report;
import dev.runhook.bench.report.RoundResult;
import dev.runhook.bench.report.Table;
import dev.runhook.bench.system.Environment;
import dev.runhook.bench.system.SystemFactory;
import dev.runhook.bench.system.SystemUnderTest;
import java.util.ArrayList;
import java.util.List;

/// Delivers the same backlog with different numbers of finished deliveries in the tables. The cost
/// must not depend on them.
public final class HistoryScenario implements Scenario {
  @Override
  public String name() {
    return "history";
  }

  @Override
  public void measure(Environment environment, Options options, Report report) {
    Dataset dataset = new Dataset(options.stacks, options.runs, 1);
    SystemFactory systems =
        new SystemFactory(environment, dataset, options.clients, options.window);
    Table table =
        new Table(
            List.of(
                "finished before",
                "drained/s",
                "CPU s per 1,000",
                "ratio to none",
                "lost",
                "duplicates"));
    SystemUnderTest backlog = systems.backlog("history");
    Measurement measurement = new Measurement(environment, report);
    measurement.run(backlog, options.warmUp, options.warmUp);
    double cpuWithoutHistory = Double.NaN;
    for (int finished : List.of(0, options.history / 10, options.history)) {
      new HistorySeeder(environment.postgres(), "history").growTo(finished);
      RoundResult median = median(measurement, backlog, options, report.fact("finished", finished));
      double cpu = median.cpuSecondsOf("runhook") + median.cpuSecondsOf("postgres");
      cpuWithoutHistory = finished == 0 ? cpu : cpuWithoutHistory;
      table.row(
          List.of(
              RoundResult.format(finished),
              RoundResult.format(median.deliveredPerSecond()),
              RoundResult.formatFraction(cpu),
              RoundResult.format(cpu / cpuWithoutHistory),
              Long.toString(median.lost()),
              Long.toString(median.duplicates())));
    }
    report.paragraph(table);
  }

  private static RoundResult median(
      Measurement measurement, SystemUnderTest backlog, Options options, Report report) {
    List<RoundResult> rounds = new ArrayList<>();
    for (int round = 1; round <= options.rounds; round++) {
      rounds.add(measurement.run(backlog, options.transitions, options.transitions));
      report.round(rounds.getLast().toJson(round));
    }
    return RoundResult.median(rounds);
  }
}
