package dev.runhook.systemtests.resilience;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runhook.systemtests.fixture.FaultSuite;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The promise of the whole product, kept under the worst that can happen to a process.
class CrashRecoveryIT {
  private static final int IN_FLIGHT = 64;

  /// A lease is 40 s at least: what a killed process had in hand comes back after that.
  private static final Map<String, String> SETTINGS =
      FaultSuite.settings(
          Map.of(
              "RUNHOOK_TIMEOUT", "3s",
              "RUNHOOK_MAX_IN_FLIGHT", Integer.toString(IN_FLIGHT),
              "RUNHOOK_MAX_IN_FLIGHT_PER_WEBHOOK", "16"));

  private final FaultSuite faultSuite = FaultSuite.named("KillIT");
  private final RandomGenerator random = faultSuite.random();
  private final int kills = FaultSuite.choose(4, 50);
  @TempDir private Path folder;

  @Test
  void what_was_acknowledged_arrives_in_order_however_often_the_process_is_killed()
      throws Exception {
    AtomicInteger databases = new AtomicInteger();
    try (CrashLoop crashLoop = new CrashLoop(folder, SETTINGS, random)) {
      DeliveryCounts deliveryCounts =
          crashLoop.run(
              kills,
              server -> {
                server.kill();
                if (random.nextBoolean()) {
                  crashLoop.installation().killDatabase();
                  databases.incrementAndGet();
                }
              });

      faultSuite.report(kills + " kills, " + databases + " of the database too; " + deliveryCounts);
      assertThat(deliveryCounts.duplicates()).isLessThanOrEqualTo(kills * IN_FLIGHT);
    }
  }
}
