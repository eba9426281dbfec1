package dev.runhook.bench.system;

import dev.runhook.bench.process.ChildProcess;
import java.util.Map;

/// A process that generates its own load.
///
/// @param processName the name of the process in the figures
/// @param idleWait waits until the process has no work left
public record ChildProcessSystem(
    String name, String processName, ChildProcess child, Runnable idleWait)
    implements SystemUnderTest {
  @Override
  public TimeSpan run(int count) {
    return TimeSpan.parse(child.request("run " + count, "done"));
  }

  @Override
  public Map<String, Long> processes() {
    return Map.of(processName, child.pid());
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
