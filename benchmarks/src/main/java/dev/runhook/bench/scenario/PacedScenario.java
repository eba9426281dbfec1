package dev.runhook.bench.scenario;

import dev.runhook.bench.load.Dataset;
import dev.runhook.bench.report.Report;
import dev.runhook.bench.report.RoundResult;
import dev.runhook.bench.report.Table;
import dev.runhook.bench.system.Environment;
import dev.runhook.bench.system.PacedServerSystem;
import dev.runhook.bench.system.SystemFactory;
import dev.runhook.bench.system.SystemUnderTest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// Sends 50 reports per second, so that nothing queues, and measures the latency from the response
/// to the receipt.
public final class PacedScenario implements Scenario {
  private static final int PER_SECOND = 50;

  @Override
  public String name() {
    return "paced";
  }

  @Override
  public void measure(Environment environment, Options options, Report report) {
    Dataset dataset = new Dataset(options.stacks, options.runs, 1);
    SystemFactory systems =
        new SystemFactory(environment, dataset, options.clients, options.window);
    int count = PER_SECOND * options.seconds;
    SystemFactory.RunningServer server = systems.server("server");
    SystemUnderTest warmUp = server.underLoad("warm-up", 1);
    SystemUnderTest paced =
        new PacedServerSystem("50 per second", server, server.loadGenerator(2), PER_SECOND);
    Measurement measurement = new Measurement(environment, report);
    measurement.run(warmUp, options.warmUp, options.warmUp);
    List<RoundResult> rounds = new ArrayList<>();
    for (int round = 1; round <= options.rounds; round++) {
      Sleeper.sleep(Duration.ofSeconds(1));
      rounds.add(measurement.run(paced, count, count));
      report.round(rounds.getLast().toJson(round));
    }
    RoundResult median = RoundResult.median(rounds);
    report.paragraph(
        new Table(List.of("", "p50 ms", "p99 ms", "lost", "duplicates"))
            .row(
                List.of(
                    median.system(),
                    RoundResult.format(median.p50Millis()),
                    RoundResult.format(median.p99Millis()),
                    Long.toString(median.lost()),
                    Long.toString(median.duplicates()))));
  }
}
