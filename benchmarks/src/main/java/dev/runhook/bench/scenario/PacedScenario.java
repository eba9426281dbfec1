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

/// Sends reports at a constant rate, so that nothing queues. Measures the latency from the response
/// to the receipt, and what a delivery costs.
public final class PacedScenario implements Scenario {
  @Override
  public String name() {
    return "paced";
  }

  @Override
  public void measure(Environment environment, Options options, Report report) {
    Dataset dataset = new Dataset(options.stacks, options.runs, options.fanOut);
    SystemFactory systems =
        new SystemFactory(environment, dataset, options.clients, options.window);
    int count = options.rate * options.seconds;
    int deliveries = count * options.fanOut;
    SystemFactory.RunningServer server = systems.server("server");
    SystemUnderTest warmUp = server.underLoad("warm-up", 1);
    SystemUnderTest paced =
        new PacedServerSystem(
            options.rate + " per second", server, server.loadGenerator(2), options.rate);
    Measurement measurement = new Measurement(environment, report);
    measurement.run(warmUp, options.warmUp / options.fanOut, options.warmUp);
    List<RoundResult> rounds = new ArrayList<>();
    long log = 0;
    for (int round = 1; round <= options.rounds; round++) {
      Sleeper.sleep(Duration.ofSeconds(1));
      long before = environment.postgres().logBytes();
      rounds.add(measurement.run(paced, count, deliveries));
      log += environment.postgres().logBytes() - before;
      report.round(rounds.getLast().toJson(round));
    }
    RoundResult median = RoundResult.median(rounds);
    report.paragraph(
        new Table(
                List.of(
                    "",
                    "deliveries/s",
                    "p50 ms",
                    "p99 ms",
                    "lost",
                    "duplicates",
                    "CPU Runhook",
                    "CPU PostgreSQL",
                    "log bytes"))
            .row(
                List.of(
                    median.system(),
                    RoundResult.format(median.deliveredPerSecond()),
                    RoundResult.format(median.p50Millis()),
                    RoundResult.format(median.p99Millis()),
                    Long.toString(median.lost()),
                    Long.toString(median.duplicates()),
                    RoundResult.format(median.cpuSecondsOf("runhook") * 1e3),
                    RoundResult.format(median.cpuSecondsOf("postgres") * 1e3),
                    Long.toString(log / ((long) options.rounds * deliveries)))));
  }
}
