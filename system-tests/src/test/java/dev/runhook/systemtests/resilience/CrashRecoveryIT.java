package dev.runhook.systemtests.resilience;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runhook.systemtests.fixture.FaultSuite;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The server and its database are killed at random times under load.
class CrashRecoveryIT {
  private static final int IN_FLIGHT = 64;

  /// Deliveries of a killed process are claimed again after 13 s, which is the timeout and 10 s.
  private static final Map<String, String> SETTINGS =
      FaultSuite.settings(
          Map.of(
              "RUNHOOK_TIMEOUT", "3s",
              "RUNHOOK_LEASE", "12s",
              "RUNHOOK_MAX_IN_FLIGHT", Integer.toString(IN_FLIGHT),
              "RUNHOOK_MAX_IN_FLIGHT_PER_WEBHOOK", "16"));

  private final FaultSuite faultSuite = FaultSuite.of("CrashRecoveryIT");
  private final RandomGenerator random = faultSuite.random();
  private final int kills = FaultSuite.choose(4, 50);
  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(ints = {1, 4})
  void acknowledged_transitions_arrive_in_order_even_if_the_server_is_killed(int buckets)
      throws Exception {
    AtomicInteger databaseKills = new AtomicInteger();
    Map<String, String> settings = new HashMap<>(SETTINGS);
    if (buckets > 1) {
      settings.put("RUNHOOK_BUCKETS", Integer.toString(buckets));
    }
    try (CrashLoop crashLoop = new CrashLoop(folder, settings, random)) {
      DeliveryCounts deliveryCounts =
          crashLoop.run(
              kills,
              server -> {
                server.kill();
                if (random.nextBoolean()) {
                  crashLoop.installation().killDatabase();
                  databaseKills.incrementAndGet();
                }
              });

      faultSuite.report(
          "buckets: %d; %d kills, %d of them with the database; %s"
              .formatted(buckets, kills, databaseKills.get(), deliveryCounts));
      assertThat(deliveryCounts.duplicates()).isLessThanOrEqualTo(kills * IN_FLIGHT);
    }
  }
}
