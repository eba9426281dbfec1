package dev.runhook.systemtests.fault;

import java.util.List;
import java.util.Locale;
import java.util.Map;

/// Latencies in nanoseconds, in ascending order.
record Latencies(List<Long> sorted) {
  Latencies {
    sorted = sorted.stream().sorted().toList();
  }

  /// The latencies between starts and ends with the same key. A negative latency counts as zero.
  static Latencies between(Map<String, Long> starts, Map<String, Long> ends) {
    return new Latencies(
        starts.entrySet().stream()
            .filter(start -> ends.containsKey(start.getKey()))
            .map(start -> Math.max(0, ends.getOrDefault(start.getKey(), 0L) - start.getValue()))
            .toList());
  }

  long percentile(int percent) {
    return sorted.get(Math.min(sorted.size() - 1, sorted.size() * percent / 100));
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "p50 %.1f ms, p99 %.1f ms, max %.1f ms of %d",
        percentile(50) / 1e6,
        percentile(99) / 1e6,
        percentile(100) / 1e6,
        sorted.size());
  }
}
