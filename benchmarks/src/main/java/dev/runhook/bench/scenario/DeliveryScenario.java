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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

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
    List<Participant> all = new ArrayList<>();
    all.add(new Participant(systems.bare(), 1, 1, warmUp));
    if (options.measures(SystemFactory.EMBEDDED)) {
      all.add(new Participant(systems.host("host"), 1, fanOut, warmUp));
    }
    all.addAll(servers(options, "", () -> systems.server("server")));
    for (int buckets : options.buckets) {
      if (buckets > 1) {
        all.addAll(
            servers(
                options,
                ", %d buckets".formatted(buckets),
                () ->
                    systems.server(
                        "buckets_" + buckets, List.of(environment.postgres()), buckets)));
      }
    }
    PeerQueue.ALL.stream()
        .filter(peer -> options.measures(peer.name()))
        .forEach(peer -> all.add(Participant.peer(systems.queue(peer), options)));
    InsertBaseline baseline = new InsertBaseline(environment);
    baseline.perSecond(warmUp);
    List<Double> insertRates = new ArrayList<>();
    StatementStats statements = new StatementStats(environment.postgres());
    if (options.statements) {
      statements.startTracking();
    }
    new Comparison(new Measurement(environment, report), all)
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

  /// Returns a server with each way to report to it that is measured, or nothing if none is.
  private static List<Participant> servers(
      Options options, String suffix, Supplier<SystemFactory.RunningServer> start) {
    Map<String, Integer> perRequest = new LinkedHashMap<>();
    perRequest.put("Runhook, batches of " + BATCH + suffix, BATCH);
    perRequest.put("Runhook, single requests" + suffix, 1);
    perRequest.keySet().removeIf(name -> !options.measures(name));
    if (perRequest.isEmpty()) {
      return List.of();
    }
    SystemFactory.RunningServer server = start.get();
    return perRequest.entrySet().stream()
        .map(way -> server.underLoad(way.getKey(), way.getValue()))
        .map(system -> new Participant(system, 1, options.fanOut, options.warmUp / 2))
        .toList();
  }
}
