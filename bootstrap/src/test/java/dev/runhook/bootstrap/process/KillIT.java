package dev.runhook.bootstrap.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The promise of the whole product, kept under the worst that can happen to a process.
class KillIT {
  private static final int IN_FLIGHT = 64;

  /// A lease is 40 s at least: what a killed process had in hand comes back after that.
  private static final Map<String, String> SETTINGS =
      Suite.settings(
          Map.of(
              "RUNHOOK_TIMEOUT", "3s",
              "RUNHOOK_MAX_IN_FLIGHT", Integer.toString(IN_FLIGHT),
              "RUNHOOK_MAX_IN_FLIGHT_PER_WEBHOOK", "16"));

  private final Suite suite = Suite.named("KillIT");
  private final RandomGenerator random = suite.random();
  private final int kills = Suite.choose(4, 50);
  @TempDir private Path folder;

  @Test
  void what_was_acknowledged_arrives_in_order_however_often_the_process_is_killed()
      throws Exception {
    AtomicInteger databases = new AtomicInteger();
    try (Siege siege = new Siege(folder, SETTINGS, random)) {
      Tally tally =
          siege.endure(
              kills,
              server -> {
                server.kill();
                if (random.nextBoolean()) {
                  siege.home().killDatabase();
                  databases.incrementAndGet();
                }
              });

      suite.say(kills + " kills, " + databases + " of the database too; " + tally);
      assertThat(tally.duplicates()).isLessThanOrEqualTo(kills * IN_FLIGHT);
    }
  }
}
