package dev.runhook.bootstrap.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The promise of the whole product, kept under the worst that can happen to a process.
class KillIT {
  private static final int IN_FLIGHT = 64;

  /// A lease is 40 s at least: what a killed process had in hand comes back after that. Nobody is
  /// given up or paused.
  private static final Map<String, String> SETTINGS =
      Suite.settings(
          Map.of(
              "RUNHOOK_TIMEOUT", "3s",
              "RUNHOOK_MAX_IN_FLIGHT", Integer.toString(IN_FLIGHT),
              "RUNHOOK_MAX_IN_FLIGHT_PER_WEBHOOK", "16"));

  private final Suite suite = Suite.named("KillIT");
  private final RandomGenerator random = suite.random();
  private final int kills = Suite.choose(4, 50);
  private final Traffic traffic = Traffic.refusingSome(Suite.choose(Load.BRIEF, Load.FULL), random);
  @TempDir private Path folder;
  private Home home = new Home(Path.of("."), Map.of());

  @BeforeEach
  void open() {
    home = Home.furnished(folder, SETTINGS);
  }

  @AfterEach
  void close() {
    home.close();
    traffic.close();
  }

  @Test
  void what_was_acknowledged_arrives_in_order_however_often_the_process_is_killed()
      throws Exception {
    RunhookProcess server = home.serve();
    traffic.begin(home.client(server));

    int databases = 0;
    for (int changes : traffic.moments(kills, random)) {
      traffic.progress().awaitAcknowledged(changes);
      server.kill();
      if (random.nextBoolean()) {
        home.killDatabase();
        databases++;
      }
      server = home.serve();
      traffic.progress().serverIs(home.client(server));
    }
    traffic.awaitArrival(Suite.patience());

    assertThat(server.terminate()).as(server.everything()).isZero();
    Tally tally = traffic.review();
    suite.say(kills + " kills, " + databases + " of the database too; " + tally);
    assertThat(tally.duplicates()).isLessThanOrEqualTo(kills * IN_FLIGHT);
  }
}
