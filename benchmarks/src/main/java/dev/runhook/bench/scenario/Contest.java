package dev.runhook.bench.scenario;

import dev.runhook.bench.measure.Figures;
import dev.runhook.bench.measure.Report;
import dev.runhook.bench.measure.Statistics;
import dev.runhook.bench.measure.Table;
import dev.runhook.bench.subject.Subject;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Subjects that take the same work in turns, round after round; the first is what all are compared
/// with, the last is compared with as well where there are more than two.
final class Contest {
  private final Trial trial;
  private final List<Entrant> entrants;
  private final Map<String, List<Figures>> rounds = new LinkedHashMap<>();

  Contest(Trial trial, List<Entrant> entrants) {
    this.trial = trial;
    this.entrants = List.copyOf(entrants);
  }

  /// @param share one of so many transitions is enough to know its rate
  /// @param warmUp transitions before it counts
  record Entrant(Subject subject, int share, int fanOut, int warmUp) {
    private Figures run(Trial trial, int transitions) {
      int count = Math.max(1, transitions / share);
      return trial.run(subject, count, count * fanOut);
    }
  }

  void hold(Options options, Report report) {
    hold(options, report, () -> {});
  }

  /// @param betweenRounds is done after each round
  void hold(Options options, Report report, Runnable betweenRounds) {
    for (Entrant entrant : entrants) {
      report.progress("warming up: " + entrant.subject().name());
      entrant.run(trial, entrant.warmUp());
    }
    for (int round = 1; round <= options.rounds; round++) {
      for (Entrant entrant : entrants) {
        Figures figures = entrant.run(trial, options.transitions);
        report.progress(
            "round %d of %d: %s, %s delivered/s"
                .formatted(
                    round,
                    options.rounds,
                    figures.subject(),
                    Figures.text(figures.deliveredPerSecond())));
        rounds.computeIfAbsent(figures.subject(), _ -> new ArrayList<>()).add(figures);
        report.round(figures.json(round));
      }
      betweenRounds.run();
    }
    report.say(speed()).say(cost());
  }

  private Table speed() {
    List<List<Figures>> all = List.copyOf(rounds.values());
    Table table =
        new Table(
            List.of(
                "",
                "accepted/s",
                "delivered/s",
                "x first",
                "x last",
                "p50 ms",
                "p99 ms",
                "lost",
                "twice"));
    for (List<Figures> subject : all) {
      Figures median = Figures.median(subject);
      table.row(
          List.of(
              median.subject(),
              Figures.text(median.acceptedPerSecond()),
              Figures.text(median.deliveredPerSecond()),
              Figures.text(ratio(subject, all.getFirst())),
              Figures.text(ratio(subject, all.getLast())),
              Figures.text(median.p50()),
              Figures.text(median.p99()),
              Long.toString(median.lost()),
              Long.toString(median.duplicates())));
    }
    return table;
  }

  private Table cost() {
    Table table =
        new Table(
            List.of(
                "CPU s per 1,000 deliveries",
                "runhook",
                "postgres",
                "sink",
                "client",
                "all",
                "peak MB"));
    for (List<Figures> subject : rounds.values()) {
      Figures median = Figures.median(subject);
      double all = median.cpuSeconds().values().stream().mapToDouble(Double::doubleValue).sum();
      table.row(
          List.of(
              median.subject(),
              Figures.small(median.cpu("runhook")),
              Figures.small(median.cpu("postgres")),
              Figures.small(median.cpu("sink")),
              Figures.small(median.cpu("client")),
              Figures.small(all),
              Figures.text(median.peak("runhook"))));
    }
    return table;
  }

  /// The median of the rounds' own ratios: what both were slowed by in a round does not count.
  private static double ratio(List<Figures> subject, List<Figures> other) {
    List<Double> ratios = new ArrayList<>();
    for (int i = 0; i < subject.size(); i++) {
      ratios.add(subject.get(i).deliveredPerSecond() / other.get(i).deliveredPerSecond());
    }
    return Statistics.median(ratios);
  }
}
