package dev.runhook.bench.scenario;

import dev.runhook.bench.measure.Figures;
import dev.runhook.bench.measure.Report;
import dev.runhook.bench.measure.Table;
import dev.runhook.bench.subject.PacedSubject;
import dev.runhook.bench.subject.Site;
import dev.runhook.bench.subject.Subject;
import dev.runhook.bench.subject.Subjects;
import dev.runhook.bench.work.World;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// Fifty reports a second: how long from the answer to the receipt, where nothing queues.
public final class TrickleScenario implements Scenario {
  private static final int PER_SECOND = 50;

  @Override
  public String name() {
    return "trickle";
  }

  @Override
  public void measure(Site site, Options options, Report report) {
    World world = new World(options.stacks, options.runs, 1);
    Subjects subjects = new Subjects(site, world, options.clients, options.window);
    int count = PER_SECOND * options.seconds;
    try (Subjects.Server server = subjects.server("server");
        Subject warm = server.loaded("warm-up", 1);
        Subject paced =
            new PacedSubject("50 a second", server.child(), server.load(2), PER_SECOND)) {
      Trial trial = new Trial(site);
      trial.run(warm, options.warmUp, options.warmUp);
      List<Figures> rounds = new ArrayList<>();
      for (int round = 1; round <= options.rounds; round++) {
        Pause.of(Duration.ofSeconds(1));
        rounds.add(trial.run(paced, count, count));
        report.round(rounds.getLast().json(round));
      }
      Figures median = Figures.median(rounds);
      report.say(
          new Table(List.of("", "p50 ms", "p99 ms", "lost", "twice"))
              .row(
                  List.of(
                      median.subject(),
                      Figures.text(median.p50()),
                      Figures.text(median.p99()),
                      Long.toString(median.lost()),
                      Long.toString(median.duplicates()))));
    }
  }
}
