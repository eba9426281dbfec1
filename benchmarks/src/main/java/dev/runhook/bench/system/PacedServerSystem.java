package dev.runhook.bench.system;

import dev.runhook.bench.load.HttpLoadGenerator;
import dev.runhook.bench.system.SystemFactory.RunningServer;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/// A server that receives single reports at a constant rate, independent of the deliveries.
public record PacedServerSystem(
    String name, RunningServer server, HttpLoadGenerator load, int perSecond)
    implements SystemUnderTest {
  @Override
  public TimeSpan run(int count) {
    long startedAt = System.nanoTime();
    for (int number = 0; number < count; number++) {
      long due = startedAt + number * 1_000_000_000L / perSecond;
      for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
        LockSupport.parkNanos(left);
      }
      load.runOne(number);
    }
    return new TimeSpan(startedAt, System.nanoTime());
  }

  @Override
  public Map<String, Long> processes() {
    return server.processes();
  }

  /// Does not wait, because deliveries to hanging endpoints do not end.
  @Override
  public void awaitIdle() {}
}
