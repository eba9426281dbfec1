package dev.runhook.bench.system;

import java.util.Map;

/// Something that delivers what it is given.
public interface SystemUnderTest extends AutoCloseable {
  String name();

  /// Gets ready for so many reports; does not count.
  default void prepare(int count) {}

  /// Takes the reports 0 to count - 1, and returns when all of them are answered; the last ones may
  /// still be on their way to the sink.
  TimeSpan run(int count);

  /// Whether it is told of reports while it runs; a backlog was before.
  default boolean acceptsReports() {
    return true;
  }

  /// Its processes, by the part that they play, besides PostgreSQL and the sink.
  Map<String, Long> processes();

  /// Waits until nothing of it is left to be done, so that what is used is all counted.
  void awaitIdle();

  @Override
  void close();

  /// @param from when it began, by the machine's monotonic clock
  /// @param to when the last report was answered
  record TimeSpan(long from, long to) {
    static TimeSpan parse(String text) {
      String[] parts = text.split(" ", -1);
      return new TimeSpan(Long.parseLong(parts[0]), Long.parseLong(parts[1]));
    }
  }
}
