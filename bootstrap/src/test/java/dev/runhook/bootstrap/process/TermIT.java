package dev.runhook.bootstrap.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A process that is told to stop finishes what it began, and leaves the rest for the next.
class TermIT {
  private static final Map<String, String> SETTINGS = Suite.settings(Map.of());

  private final Suite suite = Suite.named("TermIT");
  private final RandomGenerator random = suite.random();
  private final int stops = Suite.choose(3, 20);
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
  void stopping_under_load_loses_nothing_and_sends_nothing_twice() throws Exception {
    RunhookProcess server = home.serve();
    traffic.begin(home.client(server));

    for (int changes : traffic.moments(stops, random)) {
      traffic.progress().awaitAcknowledged(changes);
      assertThat(server.terminate()).as(server.everything()).isZero();
      server = home.serve();
      traffic.progress().serverIs(home.client(server));
    }
    traffic.awaitArrival(Suite.patience());

    assertThat(server.terminate()).as(server.everything()).isZero();
    Tally tally = traffic.review();
    suite.say(stops + " times SIGTERM, each with exit code 0; " + tally);
    assertThat(tally.duplicates()).isZero();
  }
}
