package dev.runhook.systemtests.resilience;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runhook.systemtests.fixture.FaultSuite;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A process that is told to stop finishes what it began, and leaves the rest for the next.
class GracefulShutdownIT {
  private final FaultSuite faultSuite = FaultSuite.named("TermIT");
  private final int stops = FaultSuite.choose(3, 20);
  @TempDir private Path folder;

  @Test
  void stopping_under_load_loses_nothing_and_sends_nothing_twice() throws Exception {
    try (CrashLoop crashLoop =
        new CrashLoop(folder, FaultSuite.settings(Map.of()), faultSuite.random())) {
      DeliveryCounts deliveryCounts =
          crashLoop.run(
              stops, server -> assertThat(server.terminate()).as(server.allOutput()).isZero());

      faultSuite.report(stops + " times SIGTERM, each with exit code 0; " + deliveryCounts);
      assertThat(deliveryCounts.duplicates()).isZero();
    }
  }
}
