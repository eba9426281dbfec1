package dev.runhook.bench.scenario;

import dev.runhook.bench.load.Dataset;
import dev.runhook.bench.report.Report;
import dev.runhook.bench.scenario.Comparison.Participant;
import dev.runhook.bench.system.Environment;
import dev.runhook.bench.system.SystemFactory;
import java.util.List;

/// Compares one server process with two on the same database, whose cores they share. Each client
/// reports on all runs, as behind a load balancer.
public final class NodesScenario implements Scenario {
  @Override
  public String name() {
    return "nodes";
  }

  @Override
  public void measure(Environment environment, Options options, Report report) {
    SystemFactory systems =
        new SystemFactory(
            environment,
            new Dataset(options.stacks, options.runs, options.fanOut),
            options.clients,
            options.window);
    List<Participant> all =
        List.of(
            new Participant(systems.bare(), 1, 1, options.warmUp),
            new Participant(
                systems.twoServers("two").underLoad("two processes", 1),
                1,
                options.fanOut,
                options.warmUp),
            new Participant(
                systems.server("one").underLoad("one process", 1),
                1,
                options.fanOut,
                options.warmUp / 2));
    new Comparison(new Measurement(environment, report), all).run(options, report);
    report.paragraph("The first is the bare JDK client, the last is one process.");
  }
}
