package dev.runhook.bench.system;

import dev.runhook.bench.process.ChildProcess;
import java.util.Map;

/// A process that takes the work by itself: its load comes from inside.
///
/// @param part what it is called in the accounts
/// @param untilIdle waits until nothing is left to be done
public record ChildProcessSystem(String name, String part, ChildProcess child, Runnable idleWait)
    implements SystemUnderTest {
  @Override
  public TimeSpan run(int count) {
    return TimeSpan.parse(child.request("run " + count, "done"));
  }

  @Override
  public Map<String, Long> processes() {
    return Map.of(part, child.pid());
  }

  @Override
  public void awaitIdle() {
    idleWait.run();
  }

  @Override
  public void close() {
    child.close();
  }
}
