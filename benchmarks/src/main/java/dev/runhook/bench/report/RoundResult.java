package dev.runhook.bench.report;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;

/// What one subject did in one round.
///
/// @param acceptedPerSecond reports that were answered; NaN where none were made meanwhile
/// @param p50 in milliseconds, from the answer to the receipt
/// @param cpuSeconds of CPU time for each 1,000 deliveries, by part
/// @param peakMegabytes the most that was resident at a time, by part
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

  /// The median of each figure; what was lost or came twice, in all.
  public static RoundResult median(List<RoundResult> rounds) {
    RoundResult first = rounds.getFirst();
    return new RoundResult(
        first.system,
        median(rounds, RoundResult::acceptedPerSecond),
        median(rounds, RoundResult::deliveredPerSecond),
        median(rounds, RoundResult::p50Millis),
        median(rounds, RoundResult::p99Millis),
        medians(first.cpuSeconds, part -> median(rounds, round -> of(round.cpuSeconds, part))),
        medians(
            first.peakMegabytes, part -> median(rounds, round -> of(round.peakMegabytes, part))),
        rounds.stream().mapToLong(RoundResult::lost).sum(),
        rounds.stream().mapToLong(RoundResult::duplicates).sum(),
        rounds.getLast().load);
  }

  private static double median(List<RoundResult> rounds, ToDoubleFunction<RoundResult> figure) {
    return Statistics.median(rounds.stream().map(figure::applyAsDouble).toList());
  }

  private static Map<String, Double> medians(
      Map<String, Double> parts, ToDoubleFunction<String> median) {
    Map<String, Double> medians = new LinkedHashMap<>();
    parts.keySet().forEach(part -> medians.put(part, median.applyAsDouble(part)));
    return medians;
  }

  private static double of(Map<String, Double> parts, String part) {
    return parts.getOrDefault(part, Double.NaN);
  }

  public double cpuSecondsOf(String part) {
    return of(cpuSeconds, part);
  }

  public double peakMegabytesOf(String part) {
    return of(peakMegabytes, part);
  }

  public Map<String, Object> toJson(int round) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("round", round);
    json.put("subject", system);
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

  /// A number that is below one: `0.0712`.
  public static String formatFraction(double number) {
    return Double.isNaN(number) ? "-" : String.format(Locale.ROOT, "%.4f", number);
  }

  /// A number as people write it: `12,345`, `12.3`, `0.62`; `-` where there is none.
  public static String format(double number) {
    if (Double.isNaN(number)) {
      return "-";
    }
    String form = Math.abs(number) >= 100 ? "%,.0f" : Math.abs(number) >= 10 ? "%.1f" : "%.2f";
    return String.format(Locale.ROOT, form, number);
  }
}
