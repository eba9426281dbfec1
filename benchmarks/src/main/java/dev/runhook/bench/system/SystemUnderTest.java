package dev.runhook.bench.system;

import java.util.Map;

/// A system that delivers reports.
public interface SystemUnderTest {
  String name();

  /// Prepares for the given number of reports. This is not measured.
  default void prepare(int count) {}

  /// Accepts the reports 0 to count - 1 and returns when all of them are recorded. The last
  /// deliveries may still be in flight.
  TimeSpan run(int count);

  /// Returns whether it records reports during the run. A backlog is recorded before the run.
  default boolean acceptsReports() {
    return true;
  }

  /// Returns whether it signs its requests, so that an unsigned delivery is a failure.
  default boolean signs() {
    return true;
  }

  /// Returns the ids of its processes by name, without PostgreSQL and the sink.
  Map<String, Long> processes();

  /// Waits until it has no work left, so that its whole cost is measured.
  void awaitIdle();

  /// The duration of a run, by the machine's monotonic clock.
  ///
  /// @param from the start
  /// @param to the response to the last report
  record TimeSpan(long from, long to) {
    static TimeSpan parse(String text) {
      String[] parts = text.split(" ", -1);
      return new TimeSpan(Long.parseLong(parts[0]), Long.parseLong(parts[1]));
    }
  }
}
