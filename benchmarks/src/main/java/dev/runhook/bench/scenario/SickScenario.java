package dev.runhook.bench.scenario;

import dev.runhook.bench.measure.Figures;
import dev.runhook.bench.measure.Report;
import dev.runhook.bench.measure.Statistics;
import dev.runhook.bench.measure.Table;
import dev.runhook.bench.subject.PacedSubject;
import dev.runhook.bench.subject.Site;
import dev.runhook.bench.subject.Subject;
import dev.runhook.bench.subject.Subjects;
import dev.runhook.bench.work.World;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/// Every tenth endpoint never answers: what the others feel of it.
public final class SickScenario implements Scenario {
  private static final int PER_SECOND = 500;
  private static final int EVERY = 10;

  @Override
  public String name() {
    return "sick";
  }

  @Override
  public void measure(Site site, Options options, Report report) {
    World world = new World(options.stacks, options.runs - (options.runs % options.stacks), 1);
    Subjects subjects = new Subjects(site, world, options.clients, options.window);
    int count = PER_SECOND * options.seconds;
    int healthy = healthyOf(count, options.stacks);
    try (Subjects.Server well = subjects.server("well");
        Subjects.Server sick =
            subjects.server(
                "sick",
                webhook ->
                    isSick(webhook) ? site.hangingEndpoint(webhook) : site.endpoint(webhook));
        Subject wellPaced =
            new PacedSubject("all are well", well.child(), well.load(8), PER_SECOND);
        Subject sickPaced =
            new PacedSubject("every tenth hangs", sick.child(), sick.load(8), PER_SECOND)) {
      Trial trial = new Trial(site);
      List<Figures> before = new ArrayList<>();
      List<Figures> beside = new ArrayList<>();
      trial.run(wellPaced, count / 2, count / 2);
      trial.run(sickPaced, count / 2, healthyOf(count / 2, options.stacks));
      for (int round = 1; round <= options.rounds; round++) {
        before.add(trial.run(wellPaced, count, count));
        beside.add(trial.run(sickPaced, count, healthy));
        report.round(before.getLast().json(round)).round(beside.getLast().json(round));
      }
      tell(report, before, beside);
    }
  }

  /// How many of the first so many reports are for endpoints that answer.
  private static int healthyOf(int count, int stacks) {
    return (int) IntStream.range(0, count).filter(number -> !isSick(number % stacks)).count();
  }

  private static boolean isSick(int webhook) {
    return webhook % EVERY == EVERY - 1;
  }

  private static void tell(Report report, List<Figures> before, List<Figures> beside) {
    Table table = new Table(List.of("", "p50 ms", "p99 ms", "x p99", "lost", "twice"));
    for (List<Figures> rounds : List.of(before, beside)) {
      Figures median = Figures.median(rounds);
      List<Double> ratios = new ArrayList<>();
      for (int i = 0; i < rounds.size(); i++) {
        ratios.add(rounds.get(i).p99() / before.get(i).p99());
      }
      table.row(
          List.of(
              median.subject(),
              Figures.text(median.p50()),
              Figures.text(median.p99()),
              Figures.text(Statistics.median(ratios)),
              Long.toString(median.lost()),
              Long.toString(median.duplicates())));
    }
    report.say(table);
  }
}
