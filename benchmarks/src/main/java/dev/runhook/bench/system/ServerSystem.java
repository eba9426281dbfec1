package dev.runhook.bench.system;

import dev.runhook.bench.load.HttpLoadGenerator;
import dev.runhook.bench.system.SystemFactory.RunningServer;
import java.util.Map;

/// A server under the load of this process.
///
/// @param perRequest the number of reports in a request; 1 uses the endpoint for single reports
public record ServerSystem(
    String name, RunningServer server, HttpLoadGenerator load, int perRequest)
    implements SystemUnderTest {
  @Override
  public TimeSpan run(int count) {
    long from = System.nanoTime();
    load.run(count, perRequest);
    return new TimeSpan(from, System.nanoTime());
  }

  @Override
  public Map<String, Long> processes() {
    return server.processes();
  }

  @Override
  public void awaitIdle() {
    server.awaitIdle();
  }
}
