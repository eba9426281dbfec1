package dev.runhook.bench.report;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/// What makes figures incomparable: other load before the measurement, and CPU time that the
/// hypervisor gave to other machines (steal).
public final class Disturbance {
  private static final double MAX_LOAD = 0.5;
  private static final double VISIBLE_STEAL = 0.001;
  private static final int STEAL = 8;

  private Disturbance() {}

  /// @param loadAverage of the last 1, 5 and 15 minutes before the measurement
  public static Optional<String> ofLoad(String loadAverage) {
    String lastMinute = loadAverage.split(" ", -1)[0];
    return lastMinute.matches("[0-9.]+") && Double.parseDouble(lastMinute) > MAX_LOAD
        ? Optional.of("the load before was " + lastMinute + ", above " + MAX_LOAD)
        : Optional.empty();
  }

  /// @param before the first line of `/proc/stat` before the measurement
  /// @param after the same line after it
  public static Optional<String> ofSteal(String before, String after) {
    long[] used = new long[STEAL + 1];
    Arrays.setAll(used, field -> ticks(after, field) - ticks(before, field));
    double steal = (double) used[STEAL] / Arrays.stream(used).sum();
    return steal >= VISIBLE_STEAL
        ? Optional.of(
            String.format(Locale.ROOT, "the hypervisor took %.1f%% of the CPU time", 100 * steal))
        : Optional.empty();
  }

  /// Returns a field of a line such as `cpu user nice system idle iowait irq softirq steal …`; 0
  /// for the name and for fields that the kernel does not report.
  private static long ticks(String line, int field) {
    String[] fields = line.strip().split(" +", -1);
    return field > 0 && field < fields.length ? Long.parseLong(fields[field]) : 0;
  }
}
