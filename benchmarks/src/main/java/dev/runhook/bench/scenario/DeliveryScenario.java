package dev.runhook.bench.scenario;

import dev.runhook.bench.load.Dataset;
import dev.runhook.bench.report.Report;
import dev.runhook.bench.report.RoundResult;
import dev.runhook.bench.report.Statistics;
import dev.runhook.bench.scenario.Comparison.Participant;
import dev.runhook.bench.system.Environment;
import dev.runhook.bench.system.SystemFactory;
import dev.runhook.bench.system.SystemUnderTest;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// Compares three ways to report transitions to Runhook with a bare HTTP client and a simple
/// outbox.
public final class DeliveryScenario implements Scenario {
  private static final int BATCH = 100;
  private static final int OUTBOX_DIVISOR = 8;

  @Override
  public String name() {
    return "delivery";
  }

  @Override
  public void measure(Environment environment, Options options, Report report) {
    Dataset dataset = new Dataset(options.stacks, options.runs, options.fanOut);
    SystemFactory systems =
        new SystemFactory(environment, dataset, options.clients, options.window);
    try (SystemUnderTest bare = systems.bare();
        SystemUnderTest outbox = systems.outbox();
        SystemUnderTest host = systems.host("host");
        SystemFactory.RunningServer server = systems.server("server");
        SystemUnderTest arrays = server.underLoad("Runhook, batches of 100", BATCH);
        SystemUnderTest singleRequests = server.underLoad("Runhook, single requests", 1)) {
      InsertBaseline baseline = new InsertBaseline(environment);
      baseline.perSecond(options.warmUp);
      List<Double> insertRates = new ArrayList<>();
      int fanOut = options.fanOut;
      int warmUp = options.warmUp;
      List<Participant> all =
          List.of(
              new Participant(bare, 1, 1, warmUp),
              new Participant(host, 1, fanOut, warmUp),
              new Participant(arrays, 1, fanOut, warmUp / 2),
              new Participant(singleRequests, 1, fanOut, warmUp / 2),
              new Participant(outbox, OUTBOX_DIVISOR, 1, warmUp / OUTBOX_DIVISOR));
      StatementStats statements = new StatementStats(environment.postgres());
      if (options.statements) {
        statements.startTracking();
      }
      new Comparison(new Measurement(environment), select(all, options.only))
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

  /// Selects the bare client and the systems whose names contain the text.
  private static List<Participant> select(List<Participant> all, String only) {
    Stream<Participant> others =
        all.stream().skip(1).filter(participant -> participant.system().name().contains(only));
    return Stream.concat(Stream.of(all.getFirst()), others).toList();
  }
}
