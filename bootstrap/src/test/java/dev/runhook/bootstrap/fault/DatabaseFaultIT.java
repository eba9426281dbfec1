package dev.runhook.bootstrap.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.runhook.bootstrap.process.RunhookProcess;
import dev.runhook.bootstrap.process.Suite;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

/// A database that breaks under load: nothing acknowledged is lost, the order is kept, callers are
/// told to come again, and everything heals by itself.
@SuppressWarnings("NullAway.Init")
class DatabaseFaultIT {
  private static final int CALLERS = 4;
  private static final Duration PAUSE = Duration.ofMillis(10);

  /// A quarter of a second to notice it, and to connect; the rest is for noisy machines.
  private static final Duration HEALED = Duration.ofSeconds(4);

  /// 5 s for a connection, 2 s more to find the last one dead, 8 s of silence in a statement.
  private static final Duration ANSWERED = Duration.ofSeconds(16);

  private final Suite suite = Suite.named("DatabaseFaultIT");
  private final BusyReceiver receiver = BusyReceiver.accepting();
  @TempDir private static Path folder;
  private static Site site;
  private static RunhookProcess server;
  private Load load;
  private long longestHealing;
  private long longestUntilReady;

  @BeforeAll
  static void serve() throws IOException {
    site = Site.open(folder, Site.SETTINGS);
    server = site.serve();
  }

  @BeforeEach
  void open(TestInfo test) throws IOException {
    String stack = test.getTestMethod().orElseThrow().getName().replace('_', '-');
    Site.attach(server, stack, receiver.url());
    load = Load.on(Site.target(stack, List.of(server)), CALLERS, PAUSE);
    load.awaitMore(100);
  }

  @AfterEach
  void close() {
    load.close();
    receiver.close();
  }

  @AfterAll
  static void end() {
    try {
      assertThat(server.terminate()).as(server.everything()).isZero();
    } finally {
      site.close();
    }
  }

  @Test
  void it_stops_or_dies_and_comes_back() {
    int stops = Suite.choose(1, 10);
    int kills = Suite.choose(1, 5);

    for (int i = 0; i < stops; i++) {
      outage(site.postgres()::stopImmediately, random(Suite.choose(1500, 6000)));
    }
    for (int i = 0; i < kills; i++) {
      outage(site.postgres()::kill, random(Suite.choose(1500, 6000)));
    }

    expectNothingLost(stops + " immediate stops, " + kills + " kills of PostgreSQL");
  }

  /// Whoever pauses for longer the longer a thing is away comes late then.
  @Test
  void it_was_away_for_long() {
    Duration away = Duration.ofSeconds(Suite.choose(6, 40));

    outage(site.postgres()::stopImmediately, away);

    expectNothingLost("PostgreSQL away for " + away.toSeconds() + " s");
  }

  @Test
  void its_connections_are_ended_again_and_again() throws SQLException {
    Duration duration = Duration.ofSeconds(Suite.choose(5, 60));

    int ended = endConnectionsFor(duration);
    noteHealing(System.nanoTime());

    assertThat(ended).isPositive();
    assertThat(connections()).isLessThanOrEqualTo(17);
    expectNothingLost(
        ended + " connections ended, every 200 ms for " + duration.toSeconds() + " s");
  }

  @Test
  void it_vanishes_behind_a_black_hole() {
    int times = Suite.choose(1, 4);

    for (int i = 0; i < times; i++) {
      site.toDatabase().become(new Fault.BlackHole());
      Site.awaitReady(server, false);
      Suite.last(Duration.ofMillis(Suite.choose(9_000, 10_000 + 5_000 * i)));
      site.toDatabase().become(new Fault.None());
      noteHealing(System.nanoTime());
    }

    assertThat(load.unavailable()).isPositive();
    expectNothingLost(times + " black holes before PostgreSQL");
  }

  private Duration random(int mostMillis) {
    return Duration.ofMillis(suite.random().nextInt(200, mostMillis));
  }

  private void outage(Runnable fault, Duration away) {
    load.awaitMore(50);
    int before = load.unavailable();
    fault.run();
    Site.awaitReady(server, false);
    await().atMost(ANSWERED).until(() -> load.unavailable() > before);
    Suite.last(away);
    site.postgres().start();
    noteHealing(System.nanoTime());
  }

  /// From now, when the database is back, until a report is acknowledged, and until the server says
  /// that it is ready.
  private void noteHealing(long back) {
    load.awaitMore(1);
    longestHealing = Math.max(longestHealing, System.nanoTime() - back);
    Site.awaitReady(server, true);
    longestUntilReady = Math.max(longestUntilReady, System.nanoTime() - back);
  }

  private void expectNothingLost(String what) {
    List<String> runs = load.stop();
    long duplicates = Site.review(receiver, runs);
    suite.say(
        "%s: %s; lost 0, order kept, %d duplicates; healed within %s, ready within %s of the database's return"
            .formatted(
                what,
                load.summary(),
                duplicates,
                Suite.seconds(longestHealing),
                Suite.seconds(longestUntilReady)));
    assertThat(Duration.ofNanos(load.longestCall())).isLessThan(ANSWERED);
    assertThat(Duration.ofNanos(longestUntilReady)).isLessThan(HEALED);
  }

  private int endConnectionsFor(Duration duration) throws SQLException {
    long end = System.nanoTime() + duration.toNanos();
    int ended = 0;
    try (Connection connection = site.postgres().connect();
        Statement statement = connection.createStatement()) {
      while (System.nanoTime() - end < 0) {
        ended +=
            count(
                statement,
                """
                select count(pg_terminate_backend(pid)) from pg_stat_activity
                where application_name like 'runhook %'\
                """);
        Suite.last(Duration.ofMillis(200));
      }
    }
    return ended;
  }

  private int connections() throws SQLException {
    try (Connection connection = site.postgres().connect();
        Statement statement = connection.createStatement()) {
      return count(
          statement,
          "select count(*) from pg_stat_activity where application_name like 'runhook %'");
    }
  }

  private static int count(Statement statement, String query) throws SQLException {
    try (ResultSet rows = statement.executeQuery(query)) {
      rows.next();
      return rows.getInt(1);
    }
  }
}
