package dev.runhook.bench.scenario;

import dev.runhook.bench.measure.Report;
import dev.runhook.bench.subject.Site;
import dev.runhook.bench.subject.Subject;
import dev.runhook.bench.subject.Subjects;
import dev.runhook.bench.work.World;
import java.util.List;

/// A backlog, then go: all of it has to be claimed.
public final class DrainScenario implements Scenario {
  @Override
  public String name() {
    return "drain";
  }

  @Override
  public void measure(Site site, Options options, Report report) {
    World world = new World(options.stacks, options.runs, 1);
    Subjects subjects = new Subjects(site, world, options.clients, options.window);
    try (Subject bare = subjects.bare();
        Subject backlog = subjects.backlog("drain")) {
      Contest contest =
          new Contest(
              new Trial(site),
              List.of(
                  new Contest.Entrant(bare, 1, 1, options.warmUp),
                  new Contest.Entrant(backlog, 1, 1, Math.min(options.warmUp, options.runs * 4))));
      contest.hold(options, report);
    }
  }
}
