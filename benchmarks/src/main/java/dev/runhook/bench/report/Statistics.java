package dev.runhook.bench.report;

import java.util.Arrays;
import java.util.Collection;

/// Medians and percentiles.
public final class Statistics {
  private Statistics() {}

  /// Returns the middle value, or the mean of the two middle values. NaN if there are no values.
  public static double median(Collection<Double> values) {
    double[] sorted = values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
    if (sorted.length == 0) {
      return Double.NaN;
    }
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }

  /// Returns the smallest value that is greater than or equal to the given fraction of the values
  /// (nearest rank). NaN if there are no values.
  ///
  /// @param fraction above 0 and at most 1
  public static double percentile(long[] values, double fraction) {
    if (!(fraction > 0 && fraction <= 1)) {
      throw new IllegalArgumentException(
          "the fraction must be above 0 and at most 1, not " + fraction);
    }
    if (values.length == 0) {
      return Double.NaN;
    }
    long[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[(int) Math.ceil(fraction * sorted.length) - 1];
  }
}
