package dev.runhook.bench.scenario;

import dev.runhook.bench.report.Report;
import dev.runhook.bench.report.RoundResult;
import dev.runhook.bench.report.Statistics;
import dev.runhook.bench.report.Table;
import dev.runhook.bench.system.SystemUnderTest;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Subjects that take the same work in turns, round after round; the first is what all are compared
/// with, the last is compared with as well where there are more than two.
final class Comparison {
  private final Measurement measurement;
  private final List<Participant> entrants;
  private final Map<String, List<RoundResult>> rounds = new LinkedHashMap<>();

  Comparison(Measurement trial, List<Participant> entrants) {
    this.measurement = trial;
    this.entrants = List.copyOf(entrants);
  }

  /// @param share one of so many transitions is enough to know its rate
  /// @param warmUp transitions before it counts
  record Participant(SystemUnderTest system, int share, int fanOut, int warmUp) {
    private RoundResult run(Measurement trial, int transitions) {
      int count = Math.max(1, transitions / share);
      return trial.run(system, count, count * fanOut);
    }
  }

  void run(Options options, Report report) {
    run(options, report, () -> {});
  }

  /// @param betweenRounds is done after each round
  void run(Options options, Report report, Runnable betweenRounds) {
    for (Participant participant : entrants) {
      report.progress("warming up: " + participant.system().name());
      participant.run(measurement, participant.warmUp());
    }
    for (int round = 1; round <= options.rounds; round++) {
      for (Participant entrant : entrants) {
        RoundResult roundResult = entrant.run(measurement, options.transitions);
        report.progress(
            "round %d of %d: %s, %s delivered/s"
                .formatted(
                    round,
                    options.rounds,
                    roundResult.system(),
                    RoundResult.format(roundResult.deliveredPerSecond())));
        rounds.computeIfAbsent(roundResult.system(), _ -> new ArrayList<>()).add(roundResult);
        report.round(roundResult.toJson(round));
      }
      betweenRounds.run();
    }
    report.paragraph(speed()).paragraph(cost());
  }

  private Table speed() {
    List<List<RoundResult>> all = List.copyOf(rounds.values());
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
    for (List<RoundResult> subject : all) {
      RoundResult median = RoundResult.median(subject);
      table.row(
          List.of(
              median.system(),
              RoundResult.format(median.acceptedPerSecond()),
              RoundResult.format(median.deliveredPerSecond()),
              RoundResult.format(ratio(subject, all.getFirst())),
              RoundResult.format(ratio(subject, all.getLast())),
              RoundResult.format(median.p50Millis()),
              RoundResult.format(median.p99Millis()),
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
    for (List<RoundResult> subject : rounds.values()) {
      RoundResult median = RoundResult.median(subject);
      double all = median.cpuSeconds().values().stream().mapToDouble(Double::doubleValue).sum();
      table.row(
          List.of(
              median.system(),
              RoundResult.formatFraction(median.cpuSecondsOf("runhook")),
              RoundResult.formatFraction(median.cpuSecondsOf("postgres")),
              RoundResult.formatFraction(median.cpuSecondsOf("sink")),
              RoundResult.formatFraction(median.cpuSecondsOf("client")),
              RoundResult.formatFraction(all),
              RoundResult.format(median.peakMegabytesOf("runhook"))));
    }
    return table;
  }

  /// The median of the rounds' own ratios: what both were slowed by in a round does not count.
  private static double ratio(List<RoundResult> subject, List<RoundResult> other) {
    List<Double> ratios = new ArrayList<>();
    for (int i = 0; i < subject.size(); i++) {
      ratios.add(subject.get(i).deliveredPerSecond() / other.get(i).deliveredPerSecond());
    }
    return Statistics.median(ratios);
  }
}
