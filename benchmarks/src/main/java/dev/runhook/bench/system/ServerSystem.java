package dev.runhook.bench.system;

import dev.runhook.bench.load.HttpLoadGenerator;
import dev.runhook.bench.process.ChildProcess;
import java.util.Map;

/// A server under the load of this process.
///
/// @param perRequest the number of reports in a request; 1 uses the endpoint for single reports
/// @param idleWait waits until the server has no deliveries left
public record ServerSystem(
    String name, ChildProcess server, HttpLoadGenerator load, int perRequest, Runnable idleWait)
    implements SystemUnderTest {
  @Override
  public TimeSpan run(int count) {
    long from = System.nanoTime();
    load.run(count, perRequest);
    return new TimeSpan(from, System.nanoTime());
  }

  @Override
  public Map<String, Long> processes() {
    return Map.of("runhook", server.pid(), "client", ProcessHandle.current().pid());
  }

  @Override
  public void awaitIdle() {
    idleWait.run();
  }
}
