package dev.runhook.bench.system;

import dev.runhook.bench.process.ChildProcess;
import java.util.Map;
import java.util.function.IntConsumer;

/// A process whose dispatcher is paused while a backlog is recorded, and then resumed.
///
/// @param backlog records the given number of reports
public record BacklogSystem(String name, ChildProcess child, IntConsumer backlog, Runnable idleWait)
    implements SystemUnderTest {
  @Override
  public void prepare(int count) {
    child.request("pause", "paused");
    backlog.accept(count);
  }

  @Override
  public TimeSpan run(int count) {
    long from = System.nanoTime();
    child.request("resume", "resumed");
    return new TimeSpan(from, System.nanoTime());
  }

  @Override
  public boolean acceptsReports() {
    return false;
  }

  @Override
  public Map<String, Long> processes() {
    return Map.of("runhook", child.pid());
  }

  @Override
  public void awaitIdle() {
    idleWait.run();
  }
}
