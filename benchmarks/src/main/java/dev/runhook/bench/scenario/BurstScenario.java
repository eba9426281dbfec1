package dev.runhook.bench.scenario;

import dev.runhook.bench.measure.Figures;
import dev.runhook.bench.measure.Report;
import dev.runhook.bench.subject.Site;
import dev.runhook.bench.subject.Subject;
import dev.runhook.bench.subject.Subjects;
import dev.runhook.bench.work.World;

/// A queue that is analyzed while it is empty, and then gets 20,000 at once: whether a statement is
/// planned for an empty table and walks through a full one.
public final class BurstScenario implements Scenario {
  private static final int BURST = 20_000;

  @Override
  public String name() {
    return "burst";
  }

  @Override
  public void measure(Site site, Options options, Report report) {
    World world = new World(options.stacks, options.runs, 1);
    Subjects subjects = new Subjects(site, world, options.clients, options.window);
    try (Subject backlog = subjects.backlog("burst")) {
      Trial trial = new Trial(site);
      trial.run(backlog, BURST / 2, BURST / 2);
      site.cluster().noteStatements();
      for (int round = 1; round <= options.rounds; round++) {
        site.cluster().execute("burst", "vacuum analyze runhook.queue");
        site.cluster().execute("postgres", "select pg_stat_statements_reset()");
        Figures figures = trial.run(backlog, BURST, BURST);
        report.round(figures.json(round));
        report.say(
            "round %d: %s deliveries/s, lost %d, twice %d; the slowest statement took %s ms"
                .formatted(
                    round,
                    Figures.text(figures.deliveredPerSecond()),
                    figures.lost(),
                    figures.duplicates(),
                    site.cluster()
                        .query(
                            "postgres",
                            "select round(max(max_exec_time)::numeric, 1) from pg_stat_statements where query like '%runhook.queue%'")));
      }
    }
  }
}
