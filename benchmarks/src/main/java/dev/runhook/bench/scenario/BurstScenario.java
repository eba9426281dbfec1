package dev.runhook.bench.scenario;

import dev.runhook.bench.load.Dataset;
import dev.runhook.bench.report.Report;
import dev.runhook.bench.report.RoundResult;
import dev.runhook.bench.system.Environment;
import dev.runhook.bench.system.SystemFactory;
import dev.runhook.bench.system.SystemUnderTest;

/// A queue that is analyzed while it is empty, and then gets 20,000 at once: whether a statement is
/// planned for an empty table and walks through a full one.
public final class BurstScenario implements Scenario {
  private static final int BURST = 20_000;

  @Override
  public String name() {
    return "burst";
  }

  @Override
  public void measure(Environment environment, Options options, Report report) {
    Dataset dataset = new Dataset(options.stacks, options.runs, 1);
    SystemFactory systemFactory =
        new SystemFactory(environment, dataset, options.clients, options.window);
    try (SystemUnderTest backlog = systemFactory.backlog("burst")) {
      Measurement measurement = new Measurement(environment);
      measurement.run(backlog, BURST / 2, BURST / 2);
      environment.postgres().trackStatements();
      for (int round = 1; round <= options.rounds; round++) {
        environment.postgres().execute("burst", "vacuum analyze runhook.delivery_queue");
        environment.postgres().execute("postgres", "select pg_stat_statements_reset()");
        RoundResult roundResult = measurement.run(backlog, BURST, BURST);
        report.round(roundResult.toJson(round));
        report.paragraph(
            "round %d: %s deliveries/s, lost %d, twice %d; the slowest statement took %s ms"
                .formatted(
                    round,
                    RoundResult.format(roundResult.deliveredPerSecond()),
                    roundResult.lost(),
                    roundResult.duplicates(),
                    environment
                        .postgres()
                        .query(
                            "postgres",
                            "select round(max(max_exec_time)::numeric, 1) from pg_stat_statements where query like '%runhook.delivery_queue%'")));
      }
    }
  }
}
