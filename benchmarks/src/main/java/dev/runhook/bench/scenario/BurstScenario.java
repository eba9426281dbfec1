package dev.runhook.bench.scenario;

import dev.runhook.bench.load.Dataset;
import dev.runhook.bench.report.Report;
import dev.runhook.bench.report.RoundResult;
import dev.runhook.bench.system.Environment;
import dev.runhook.bench.system.SystemFactory;
import dev.runhook.bench.system.SystemUnderTest;

/// Analyzes the queue while it is empty, and then adds up to 20,000 deliveries. The slowest
/// statement shows whether a plan for an empty table scans a full one.
public final class BurstScenario implements Scenario {
  private static final int MAX_BURST = 20_000;
  private static final String SLOWEST_STATEMENT =
      """
      select round(max(max_exec_time)::numeric, 1) from pg_stat_statements
      where query like '%runhook.delivery_%'
      """;

  @Override
  public String name() {
    return "burst";
  }

  @Override
  public void measure(Environment environment, Options options, Report report) {
    int burst = Math.min(MAX_BURST, options.transitions);
    Dataset dataset = new Dataset(options.stacks, options.runs, 1);
    SystemFactory systemFactory =
        new SystemFactory(environment, dataset, options.clients, options.window);
    SystemUnderTest backlog = systemFactory.backlog("burst");
    Measurement measurement = new Measurement(environment, report);
    measurement.run(backlog, burst / 2, burst / 2);
    environment.postgres().trackStatements();
    for (int round = 1; round <= options.rounds; round++) {
      environment.postgres().execute("burst", "vacuum analyze runhook.delivery_queue");
      environment.postgres().execute("postgres", "select pg_stat_statements_reset()");
      RoundResult roundResult = measurement.run(backlog, burst, burst);
      report.round(roundResult.toJson(round));
      report.paragraph(
          "round %d: %s deliveries/s, lost %d, duplicates %d; the slowest statement took %s ms"
              .formatted(
                  round,
                  RoundResult.format(roundResult.deliveredPerSecond()),
                  roundResult.lost(),
                  roundResult.duplicates(),
                  environment.postgres().query("postgres", SLOWEST_STATEMENT)));
    }
  }
}
