package dev.runhook.bench.subject;

import java.util.Map;

/// Something that delivers what it is given.
public interface Subject extends AutoCloseable {
  String name();

  /// Gets ready for so many reports; does not count.
  default void prepare(int count) {}

  /// Takes the reports 0 to count - 1, and returns when all of them are answered; the last ones may
  /// still be on their way to the sink.
  Span run(int count);

  /// Whether it is told of reports while it runs; a backlog was before.
  default boolean takesReports() {
    return true;
  }

  /// Its processes, by the part that they play, besides PostgreSQL and the sink.
  Map<String, Long> processes();

  /// Waits until nothing of it is left to be done, so that what is used is all counted.
  void settle();

  @Override
  void close();

  /// @param from when it began, by the machine's monotonic clock
  /// @param to when the last report was answered
  record Span(long from, long to) {
    static Span parse(String text) {
      String[] parts = text.split(" ", -1);
      return new Span(Long.parseLong(parts[0]), Long.parseLong(parts[1]));
    }
  }
}
