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

/// Gives several systems the same work in turn, in every round, and compares each of them with the
/// first and the last one.
final class Comparison {
  private final Measurement measurement;
  private final List<Participant> participants;
  private final Map<String, List<RoundResult>> rounds = new LinkedHashMap<>();

  Comparison(Measurement measurement, List<Participant> participants) {
    this.measurement = measurement;
    this.participants = List.copyOf(participants);
  }

  /// A system in the comparison.
  ///
  /// @param divisor the number of transitions in a round is divided by this, for slow systems
  /// @param fanOut the number of deliveries for each transition
  /// @param warmUp the number of transitions before the first round
  record Participant(SystemUnderTest system, int divisor, int fanOut, int warmUp) {
    private static final int PEER_DIVISOR = 4;

    /// A peer, which is slower and has no fan-out.
    static Participant peer(SystemUnderTest system, Options options) {
      return new Participant(system, PEER_DIVISOR, 1, options.warmUp / PEER_DIVISOR);
    }

    private RoundResult run(Measurement measurement, int transitions) {
      int count = Math.max(1, transitions / divisor);
      return measurement.run(system, count, count * fanOut);
    }
  }

  void run(Options options, Report report) {
    run(options, report, () -> {});
  }

  /// @param betweenRounds runs after each round
  void run(Options options, Report report, Runnable betweenRounds) {
    for (Participant participant : participants) {
      report.progress("warming up: " + participant.system().name());
      participant.run(measurement, participant.warmUp());
    }
    for (int round = 1; round <= options.rounds; round++) {
      for (Participant participant : participants) {
        RoundResult result = participant.run(measurement, options.transitions);
        report.progress(
            "round %d of %d: %s, %s delivered/s"
                .formatted(
                    round,
                    options.rounds,
                    result.system(),
                    RoundResult.format(result.deliveredPerSecond())));
        rounds.computeIfAbsent(result.system(), _ -> new ArrayList<>()).add(result);
        report.round(result.toJson(round));
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
                "ratio to first",
                "ratio to last",
                "p50 ms",
                "p99 ms",
                "lost",
                "duplicates"));
    for (List<RoundResult> system : all) {
      RoundResult median = RoundResult.median(system);
      table.row(
          List.of(
              median.system(),
              RoundResult.format(median.acceptedPerSecond()),
              RoundResult.format(median.deliveredPerSecond()),
              RoundResult.format(ratio(system, all.getFirst())),
              RoundResult.format(ratio(system, all.getLast())),
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
                "total",
                "peak MB"));
    for (List<RoundResult> system : rounds.values()) {
      RoundResult median = RoundResult.median(system);
      double total = median.cpuSeconds().values().stream().mapToDouble(Double::doubleValue).sum();
      table.row(
          List.of(
              median.system(),
              RoundResult.formatFraction(median.cpuSecondsOf("runhook")),
              RoundResult.formatFraction(median.cpuSecondsOf("postgres")),
              RoundResult.formatFraction(median.cpuSecondsOf("sink")),
              RoundResult.formatFraction(median.cpuSecondsOf("client")),
              RoundResult.formatFraction(total),
              RoundResult.format(median.peakMegabytesOf("runhook"))));
    }
    return table;
  }

  /// Returns the median of the ratios within each round, which cancels out changes in the speed of
  /// the machine between rounds.
  private static double ratio(List<RoundResult> system, List<RoundResult> other) {
    List<Double> ratios = new ArrayList<>();
    for (int i = 0; i < system.size(); i++) {
      ratios.add(system.get(i).deliveredPerSecond() / other.get(i).deliveredPerSecond());
    }
    return Statistics.median(ratios);
  }
}
