package dev.runhook.bench.subject;

import dev.runhook.bench.process.Child;
import dev.runhook.bench.work.HttpLoad;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/// The server, with reports that come one by one at a steady pace, whatever becomes of them.
public record PacedSubject(String name, Child server, HttpLoad load, int perSecond)
    implements Subject {
  @Override
  public Span run(int count) {
    load.begin();
    long from = System.nanoTime();
    for (int number = 0; number < count; number++) {
      long due = from + number * 1_000_000_000L / perSecond;
      for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
        LockSupport.parkNanos(left);
      }
      load.runOne(number);
    }
    return new Span(from, System.nanoTime());
  }

  @Override
  public Map<String, Long> processes() {
    return Map.of("runhook", server.pid(), "client", ProcessHandle.current().pid());
  }

  /// What hangs never ends.
  @Override
  public void settle() {}

  @Override
  public void close() {
    server.close();
  }
}
