package dev.runhook.bench.scenario;

import dev.runhook.bench.measure.Figures;
import dev.runhook.bench.measure.Report;
import dev.runhook.bench.measure.Statistics;
import dev.runhook.bench.scenario.Contest.Entrant;
import dev.runhook.bench.subject.Site;
import dev.runhook.bench.subject.Subject;
import dev.runhook.bench.subject.Subjects;
import dev.runhook.bench.work.World;
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
  public void measure(Site site, Options options, Report report) {
    World world = new World(options.stacks, options.runs, options.fanOut);
    Subjects subjects = new Subjects(site, world, options.clients, options.window);
    try (Subject bare = subjects.bare();
        Subject outbox = subjects.outbox();
        Subject host = subjects.host("host");
        Subjects.Server server = subjects.server("server");
        Subject arrays = server.loaded("runhook, arrays of 100", PER_ARRAY);
        Subject singles = server.loaded("runhook, one by one", 1)) {
      Inserts inserts = new Inserts(site);
      inserts.perSecond(options.warmUp);
      List<Double> inserted = new ArrayList<>();
      int fanOut = options.fanOut;
      int warmUp = options.warmUp;
      List<Entrant> all =
          List.of(
              new Entrant(bare, 1, 1, warmUp),
              new Entrant(host, 1, fanOut, warmUp),
              new Entrant(arrays, 1, fanOut, warmUp / 2),
              new Entrant(singles, 1, fanOut, warmUp / 2),
              new Entrant(outbox, OUTBOX_SHARE, 1, warmUp / OUTBOX_SHARE));
      Statements statements = new Statements(site.cluster());
      if (options.statements) {
        statements.note();
      }
      new Contest(new Trial(site), chosen(all, options.only))
          .hold(options, report, () -> inserted.add(inserts.perSecond(options.transitions)));
      if (options.statements) {
        report.say(statements.costliest());
      }
      report.say(
          "\"first\" is the bare JDK client, \"last\" the one-by-one outbox. Bare PostgreSQL inserts "
              + Figures.text(Statistics.median(inserted))
              + " transitions/s with the same rows, in batches of "
              + Inserts.BATCH
              + ".");
    }
  }

  /// The bare client, which all are compared with, and those of that name.
  private static List<Entrant> chosen(List<Entrant> all, String only) {
    Stream<Entrant> others =
        all.stream().skip(1).filter(entrant -> entrant.subject().name().contains(only));
    return Stream.concat(Stream.of(all.getFirst()), others).toList();
  }
}
