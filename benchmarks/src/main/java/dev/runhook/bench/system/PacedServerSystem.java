package dev.runhook.bench.system;

import dev.runhook.bench.load.HttpLoadGenerator;
import dev.runhook.bench.process.ChildProcess;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/// The server, with reports that come one by one at a steady pace, whatever becomes of them.
public record PacedServerSystem(
    String name, ChildProcess server, HttpLoadGenerator load, int perSecond)
    implements SystemUnderTest {
  @Override
  public TimeSpan run(int count) {
    load.reconnect();
    long from = System.nanoTime();
    for (int number = 0; number < count; number++) {
      long due = from + number * 1_000_000_000L / perSecond;
      for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
        LockSupport.parkNanos(left);
      }
      load.runOne(number);
    }
    return new TimeSpan(from, System.nanoTime());
  }

  @Override
  public Map<String, Long> processes() {
    return Map.of("runhook", server.pid(), "client", ProcessHandle.current().pid());
  }

  /// What hangs never ends.
  @Override
  public void awaitIdle() {}

  @Override
  public void close() {
    server.close();
  }
}
