package dev.runhook.systemtests.resilience;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runhook.systemtests.fixture.FaultSuite;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A server that receives SIGTERM finishes its attempts and leaves the rest to the next server.
class GracefulShutdownIT {
  private final FaultSuite faultSuite = FaultSuite.of("GracefulShutdownIT");
  private final int stops = FaultSuite.choose(3, 20);
  @TempDir private Path folder;

  @Test
  void a_shutdown_under_load_loses_nothing_and_sends_nothing_twice() throws Exception {
    try (CrashLoop crashLoop =
        new CrashLoop(folder, FaultSuite.settings(Map.of()), faultSuite.random())) {
      DeliveryCounts deliveryCounts =
          crashLoop.run(
              stops, server -> assertThat(server.terminate()).as(server.allOutput()).isZero());

      faultSuite.report(stops + " shutdowns by SIGTERM, each with exit code 0; " + deliveryCounts);
      assertThat(deliveryCounts.duplicates()).isZero();
    }
  }
}
