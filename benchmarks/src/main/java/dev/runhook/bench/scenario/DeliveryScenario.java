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

/// The same work three ways into Runhook, and by what it is compared with, in turns.
public final class DeliveryScenario implements Scenario {
  private static final int PER_ARRAY = 100;
  private static final int OUTBOX_SHARE = 8;

  @Override
  public String name() {
    return "delivery";
  }

  @Override
  public void measure(Environment environment, Options options, Report report) {
    Dataset dataset = new Dataset(options.stacks, options.runs, options.fanOut);
    SystemFactory systemFactory =
        new SystemFactory(environment, dataset, options.clients, options.window);
    try (SystemUnderTest bare = systemFactory.bare();
        SystemUnderTest outbox = systemFactory.outbox();
        SystemUnderTest host = systemFactory.host("host");
        SystemFactory.RunningServer runningServer = systemFactory.server("server");
        SystemUnderTest arrays = runningServer.underLoad("runhook, arrays of 100", PER_ARRAY);
        SystemUnderTest singles = runningServer.underLoad("runhook, one by one", 1)) {
      InsertBaseline insertBaseline = new InsertBaseline(environment);
      insertBaseline.perSecond(options.warmUp);
      List<Double> inserted = new ArrayList<>();
      int fanOut = options.fanOut;
      int warmUp = options.warmUp;
      List<Participant> all =
          List.of(
              new Participant(bare, 1, 1, warmUp),
              new Participant(host, 1, fanOut, warmUp),
              new Participant(arrays, 1, fanOut, warmUp / 2),
              new Participant(singles, 1, fanOut, warmUp / 2),
              new Participant(outbox, OUTBOX_SHARE, 1, warmUp / OUTBOX_SHARE));
      StatementStats statementStats = new StatementStats(environment.postgres());
      if (options.statements) {
        statementStats.startTracking();
      }
      new Comparison(new Measurement(environment), chosen(all, options.only))
          .run(options, report, () -> inserted.add(insertBaseline.perSecond(options.transitions)));
      if (options.statements) {
        report.paragraph(statementStats.mostExpensive());
      }
      report.paragraph(
          "\"first\" is the bare JDK client, \"last\" the one-by-one outbox. Bare PostgreSQL inserts "
              + RoundResult.format(Statistics.median(inserted))
              + " transitions/s with the same rows, in batches of "
              + InsertBaseline.BATCH
              + ".");
    }
  }

  /// The bare client, which all are compared with, and those of that name.
  private static List<Participant> chosen(List<Participant> all, String only) {
    Stream<Participant> others =
        all.stream().skip(1).filter(participant -> participant.system().name().contains(only));
    return Stream.concat(Stream.of(all.getFirst()), others).toList();
  }
}
