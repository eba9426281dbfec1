package dev.runhook.bench.system;

import dev.runhook.bench.process.ChildProcess;
import java.util.Map;

/// A process that generates its own load.
///
/// @param signs whether it signs its requests
/// @param idleWait waits until the process has no work left
public record ChildProcessSystem(String name, ChildProcess child, boolean signs, Runnable idleWait)
    implements SystemUnderTest {
  @Override
  public TimeSpan run(int count) {
    return TimeSpan.parse(child.request("run " + count, "done"));
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
