package dev.runhook.bench.report;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;

/// The figures of one system in one round.
///
/// @param acceptedPerSecond the reports that were recorded per second; NaN if they were recorded
///   before the round
/// @param p50Millis the median latency, from the response to a report until its receipt
/// @param cpuSeconds the CPU time per 1,000 deliveries, by process
/// @param peakMegabytes the peak resident set size, by process
/// @param load the load average after the round
public record RoundResult(
    String system,
    double acceptedPerSecond,
    double deliveredPerSecond,
    double p50Millis,
    double p99Millis,
    Map<String, Double> cpuSeconds,
    Map<String, Double> peakMegabytes,
    long lost,
    long duplicates,
    String load) {
  public RoundResult {
    cpuSeconds = Map.copyOf(new TreeMap<>(cpuSeconds));
    peakMegabytes = Map.copyOf(new TreeMap<>(peakMegabytes));
  }

  /// Returns the median of each figure, and the sums of lost and duplicate deliveries.
  public static RoundResult median(List<RoundResult> rounds) {
    RoundResult first = rounds.getFirst();
    return new RoundResult(
        first.system,
        median(rounds, RoundResult::acceptedPerSecond),
        median(rounds, RoundResult::deliveredPerSecond),
        median(rounds, RoundResult::p50Millis),
        median(rounds, RoundResult::p99Millis),
        medians(
            first.cpuSeconds,
            process -> median(rounds, round -> valueOrNaN(round.cpuSeconds, process))),
        medians(
            first.peakMegabytes,
            process -> median(rounds, round -> valueOrNaN(round.peakMegabytes, process))),
        rounds.stream().mapToLong(RoundResult::lost).sum(),
        rounds.stream().mapToLong(RoundResult::duplicates).sum(),
        rounds.getLast().load);
  }

  private static double median(List<RoundResult> rounds, ToDoubleFunction<RoundResult> figure) {
    return Statistics.median(rounds.stream().map(figure::applyAsDouble).toList());
  }

  private static Map<String, Double> medians(
      Map<String, Double> processes, ToDoubleFunction<String> median) {
    Map<String, Double> medians = new LinkedHashMap<>();
    processes.keySet().forEach(process -> medians.put(process, median.applyAsDouble(process)));
    return medians;
  }

  private static double valueOrNaN(Map<String, Double> processes, String process) {
    return processes.getOrDefault(process, Double.NaN);
  }

  public double cpuSecondsOf(String process) {
    return sum(cpuSeconds, process);
  }

  public double peakMegabytesOf(String process) {
    return sum(peakMegabytes, process);
  }

  /// Adds the values of "name", "name 2" and so on. NaN if there are none.
  private static double sum(Map<String, Double> processes, String name) {
    return processes.entrySet().stream()
        .filter(process -> process.getKey().matches(name + "( \\d+)?"))
        .map(Map.Entry::getValue)
        .reduce(Double::sum)
        .orElse(Double.NaN);
  }

  public Map<String, Object> toJson(int round) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("round", round);
    json.put("system", system);
    if (!Double.isNaN(acceptedPerSecond)) {
      json.put("acceptedPerSecond", acceptedPerSecond);
    }
    json.put("deliveredPerSecond", deliveredPerSecond);
    json.put("p50Millis", p50Millis);
    json.put("p99Millis", p99Millis);
    json.put("cpuSecondsPerThousand", new TreeMap<>(cpuSeconds));
    json.put("peakMegabytes", new TreeMap<>(peakMegabytes));
    json.put("lost", lost);
    json.put("duplicates", duplicates);
    json.put("load", load);
    return json;
  }

  /// Formats a small number with four decimals, such as `0.0712`; `-` for NaN.
  public static String formatFraction(double number) {
    return Double.isNaN(number) ? "-" : String.format(Locale.ROOT, "%.4f", number);
  }

  /// Formats a number with the digits that matter, such as `12,345`, `12.3` or `0.62`; `-` for NaN.
  public static String format(double number) {
    if (Double.isNaN(number)) {
      return "-";
    }
    String format = Math.abs(number) >= 100 ? "%,.0f" : Math.abs(number) >= 10 ? "%.1f" : "%.2f";
    return String.format(Locale.ROOT, format, number);
  }
}
