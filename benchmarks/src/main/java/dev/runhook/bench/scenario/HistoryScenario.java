package dev.runhook.bench.scenario;

import dev.runhook.bench.measure.Figures;
import dev.runhook.bench.measure.Report;
import dev.runhook.bench.measure.Table;
import dev.runhook.bench.subject.Site;
import dev.runhook.bench.subject.Subject;
import dev.runhook.bench.subject.Subjects;
import dev.runhook.bench.work.History;
import dev.runhook.bench.work.World;
import java.util.ArrayList;
import java.util.List;

/// The same work with nothing finished in the tables, and with much: what it costs must not grow.
public final class HistoryScenario implements Scenario {
  @Override
  public String name() {
    return "history";
  }

  @Override
  public void measure(Site site, Options options, Report report) {
    World world = new World(options.stacks, options.runs, 1);
    Subjects subjects = new Subjects(site, world, options.clients, options.window);
    Table table =
        new Table(
            List.of("finished before", "drained/s", "CPU s per 1,000", "x none", "lost", "twice"));
    try (Subject backlog = subjects.backlog("history")) {
      Trial trial = new Trial(site);
      trial.run(backlog, options.warmUp, options.warmUp);
      double none = Double.NaN;
      for (int finished : List.of(0, options.history / 10, options.history)) {
        new History(site.cluster(), "history").growTo(finished);
        Figures median = median(trial, backlog, options, report.fact("finished", finished));
        double cpu = median.cpu("runhook") + median.cpu("postgres");
        none = finished == 0 ? cpu : none;
        table.row(
            List.of(
                Figures.text(finished),
                Figures.text(median.deliveredPerSecond()),
                Figures.small(cpu),
                Figures.text(cpu / none),
                Long.toString(median.lost()),
                Long.toString(median.duplicates())));
      }
    }
    report.say(table);
  }

  private static Figures median(Trial trial, Subject backlog, Options options, Report report) {
    List<Figures> rounds = new ArrayList<>();
    for (int round = 1; round <= options.rounds; round++) {
      rounds.add(trial.run(backlog, options.transitions, options.transitions));
      report.round(rounds.getLast().json(round));
    }
    return Figures.median(rounds);
  }
}
