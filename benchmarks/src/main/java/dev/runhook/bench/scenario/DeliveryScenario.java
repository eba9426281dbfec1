package dev.runhook.bench.scenario;

import dev.runhook.bench.load.Dataset;
import dev.runhook.bench.report.Report;
import dev.runhook.bench.report.RoundResult;
import dev.runhook.bench.report.Statistics;
import dev.runhook.bench.scenario.Comparison.Participant;
import dev.runhook.bench.system.Environment;
import dev.runhook.bench.system.PeerQueue;
import dev.runhook.bench.system.SystemFactory;
import java.util.ArrayList;
import java.util.List;

/// Compares three ways to report transitions to Runhook with a bare HTTP client and with other
/// queues in PostgreSQL.
public final class DeliveryScenario implements Scenario {
  private static final int BATCH = 100;

  @Override
  public String name() {
    return "delivery";
  }

  @Override
  public void measure(Environment environment, Options options, Report report) {
    Dataset dataset = new Dataset(options.stacks, options.runs, options.fanOut);
    SystemFactory systems =
        new SystemFactory(environment, dataset, options.clients, options.window);
    int fanOut = options.fanOut;
    int warmUp = options.warmUp;
    SystemFactory.RunningServer server = systems.server("server");
    List<Participant> all = new ArrayList<>();
    all.add(new Participant(systems.bare(), 1, 1, warmUp));
    all.add(new Participant(systems.host("host"), 1, fanOut, warmUp));
    all.add(
        new Participant(
            server.underLoad("Runhook, batches of " + BATCH, BATCH), 1, fanOut, warmUp / 2));
    all.add(
        new Participant(server.underLoad("Runhook, single requests", 1), 1, fanOut, warmUp / 2));
    for (int buckets : options.buckets) {
      if (buckets > 1) {
        String suffix = ", %d buckets".formatted(buckets);
        SystemFactory.RunningServer divided =
            systems.server("buckets_" + buckets, List.of(environment.postgres()), buckets);
        all.add(
            new Participant(
                divided.underLoad("Runhook, batches of " + BATCH + suffix, BATCH),
                1,
                fanOut,
                warmUp / 2));
        all.add(
            new Participant(
                divided.underLoad("Runhook, single requests" + suffix, 1), 1, fanOut, warmUp / 2));
      }
    }
    PeerQueue.ALL.forEach(peer -> all.add(Participant.peer(systems.queue(peer), options)));
    InsertBaseline baseline = new InsertBaseline(environment);
    baseline.perSecond(warmUp);
    List<Double> insertRates = new ArrayList<>();
    StatementStats statements = new StatementStats(environment.postgres());
    if (options.statements) {
      statements.startTracking();
    }
    new Comparison(new Measurement(environment, report), all, options.only)
        .run(options, report, () -> insertRates.add(baseline.perSecond(options.transitions)));
    if (options.statements) {
      report.paragraph(statements.mostExpensive());
    }
    report.paragraph(
        "The first is the bare JDK client, the last is the row-by-row outbox. Bare PostgreSQL inserts "
            + RoundResult.format(Statistics.median(insertRates))
            + " transitions/s with the same rows, in batches of "
            + InsertBaseline.BATCH
            + ".");
  }
}
