package dev.runhook.bench.report;

import java.util.Arrays;
import java.util.Collection;

/// Medians and percentiles.
public final class Statistics {
  private Statistics() {}

  /// The middle one; of an even number, the mean of the two in the middle. NaN of none.
  public static double median(Collection<Double> values) {
    double[] sorted = values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
    if (sorted.length == 0) {
      return Double.NaN;
    }
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }

  /// The smallest value that is not exceeded by that share of all (nearest rank). NaN of none.
  ///
  /// @param share above 0, up to 1
  public static double percentile(long[] values, double share) {
    if (!(share > 0 && share <= 1)) {
      throw new IllegalArgumentException("a share is above 0 and at most 1, not " + share);
    }
    if (values.length == 0) {
      return Double.NaN;
    }
    long[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[(int) Math.ceil(share * sorted.length) - 1];
  }
}
