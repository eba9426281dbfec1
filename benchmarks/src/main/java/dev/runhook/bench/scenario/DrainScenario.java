package dev.runhook.bench.scenario;

import dev.runhook.bench.load.Dataset;
import dev.runhook.bench.report.Report;
import dev.runhook.bench.system.Environment;
import dev.runhook.bench.system.SystemFactory;
import dev.runhook.bench.system.SystemUnderTest;
import java.util.List;

/// Delivers a backlog, all of which must be claimed.
public final class DrainScenario implements Scenario {
  @Override
  public String name() {
    return "drain";
  }

  @Override
  public void measure(Environment environment, Options options, Report report) {
    Dataset dataset = new Dataset(options.stacks, options.runs, 1);
    SystemFactory systems =
        new SystemFactory(environment, dataset, options.clients, options.window);
    try (SystemUnderTest bare = systems.bare();
        SystemUnderTest backlog = systems.backlog("drain")) {
      Comparison comparison =
          new Comparison(
              new Measurement(environment),
              List.of(
                  new Comparison.Participant(bare, 1, 1, options.warmUp),
                  new Comparison.Participant(
                      backlog, 1, 1, Math.min(options.warmUp, options.runs * 4))));
      comparison.run(options, report);
    }
  }
}
