package dev.runhook.systemtests.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.runhook.systemtests.fixture.FaultSuite;
import dev.runhook.systemtests.fixture.RunhookProcess;
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
class DatabaseOutageIT {
  private static final int CALLERS = 4;
  private static final Duration PAUSE = Duration.ofMillis(10);

  /// A quarter of a second to notice it, and to connect; the rest is for noisy machines.
  private static final Duration HEALED = Duration.ofSeconds(4);

  /// 5 s for a connection, 2 s more to find the last one dead, 8 s of silence in a statement.
  private static final Duration ANSWERED = Duration.ofSeconds(16);

  private final FaultSuite faultSuite = FaultSuite.named("DatabaseFaultIT");
  private final MeteredReceiver receiver = MeteredReceiver.accepting();
  @TempDir private static Path folder;
  private static FaultFixture faultFixture;
  private static RunhookProcess server;
  private ContinuousLoad continuousLoad;
  private long longestHealing;
  private long longestUntilReady;

  @BeforeAll
  static void serve() throws IOException {
    faultFixture = FaultFixture.open(folder, FaultFixture.SETTINGS);
    server = faultFixture.startServer();
  }

  @BeforeEach
  void open(TestInfo test) throws IOException {
    String stack = test.getTestMethod().orElseThrow().getName().replace('_', '-');
    FaultFixture.createWebhook(server, stack, receiver.url());
    continuousLoad =
        ContinuousLoad.start(FaultFixture.loadTarget(stack, List.of(server)), CALLERS, PAUSE);
    continuousLoad.awaitAcknowledged(100);
  }

  @AfterEach
  void close() {
    continuousLoad.close();
    receiver.close();
  }

  @AfterAll
  static void end() {
    try {
      assertThat(server.terminate()).as(server.allOutput()).isZero();
    } finally {
      faultFixture.close();
    }
  }

  @Test
  void it_stops_or_dies_and_comes_back() {
    int stops = FaultSuite.choose(1, 10);
    int kills = FaultSuite.choose(1, 5);

    for (int i = 0; i < stops; i++) {
      outage(faultFixture.postgres()::stopImmediately, random(FaultSuite.choose(1500, 6000)));
    }
    for (int i = 0; i < kills; i++) {
      outage(faultFixture.postgres()::kill, random(FaultSuite.choose(1500, 6000)));
    }

    expectNothingLost(stops + " immediate stops, " + kills + " kills of PostgreSQL");
  }

  /// Whoever pauses for longer the longer a thing is away comes late then.
  @Test
  void it_was_away_for_long() {
    Duration away = Duration.ofSeconds(FaultSuite.choose(6, 40));

    outage(faultFixture.postgres()::stopImmediately, away);

    expectNothingLost("PostgreSQL away for " + away.toSeconds() + " s");
  }

  @Test
  void its_connections_are_ended_again_and_again() throws SQLException {
    Duration duration = Duration.ofSeconds(FaultSuite.choose(5, 60));

    int ended = endConnectionsFor(duration);
    noteHealing(System.nanoTime());

    assertThat(ended).isPositive();
    assertThat(connections()).isLessThanOrEqualTo(17);
    expectNothingLost(
        ended + " connections ended, every 200 ms for " + duration.toSeconds() + " s");
  }

  @Test
  void it_vanishes_behind_a_black_hole() {
    int times = FaultSuite.choose(1, 4);

    for (int i = 0; i < times; i++) {
      faultFixture.databaseProxy().setFault(new Fault.BlackHole());
      FaultFixture.awaitReady(server, false);
      FaultSuite.letPass(Duration.ofMillis(FaultSuite.choose(9_000, 10_000 + 5_000 * i)));
      faultFixture.databaseProxy().setFault(new Fault.None());
      noteHealing(System.nanoTime());
    }

    assertThat(continuousLoad.unavailableResponses()).isPositive();
    expectNothingLost(times + " black holes before PostgreSQL");
  }

  private Duration random(int mostMillis) {
    return Duration.ofMillis(faultSuite.random().nextInt(200, mostMillis));
  }

  private void outage(Runnable fault, Duration away) {
    continuousLoad.awaitAcknowledged(50);
    int before = continuousLoad.unavailableResponses();
    fault.run();
    FaultFixture.awaitReady(server, false);
    await().atMost(ANSWERED).until(() -> continuousLoad.unavailableResponses() > before);
    FaultSuite.letPass(away);
    faultFixture.postgres().start();
    noteHealing(System.nanoTime());
  }

  /// From now, when the database is back, until a report is acknowledged, and until the server says
  /// that it is ready.
  private void noteHealing(long back) {
    continuousLoad.awaitAcknowledged(1);
    longestHealing = Math.max(longestHealing, System.nanoTime() - back);
    FaultFixture.awaitReady(server, true);
    longestUntilReady = Math.max(longestUntilReady, System.nanoTime() - back);
  }

  private void expectNothingLost(String what) {
    List<String> runs = continuousLoad.stop();
    long duplicates = FaultFixture.awaitAndVerify(receiver, runs);
    faultSuite.report(
        "%s: %s; lost 0, order kept, %d duplicates; healed within %s, ready within %s of the database's return"
            .formatted(
                what,
                continuousLoad.summary(),
                duplicates,
                FaultSuite.formatSeconds(longestHealing),
                FaultSuite.formatSeconds(longestUntilReady)));
    assertThat(Duration.ofNanos(continuousLoad.longestCall())).isLessThan(ANSWERED);
    assertThat(Duration.ofNanos(longestUntilReady)).isLessThan(HEALED);
  }

  private int endConnectionsFor(Duration duration) throws SQLException {
    long end = System.nanoTime() + duration.toNanos();
    int ended = 0;
    try (Connection connection = faultFixture.postgres().connect();
        Statement statement = connection.createStatement()) {
      while (System.nanoTime() - end < 0) {
        ended +=
            count(
                statement,
                """
                select count(pg_terminate_backend(pid)) from pg_stat_activity
                where application_name like 'runhook %'\
                """);
        FaultSuite.letPass(Duration.ofMillis(200));
      }
    }
    return ended;
  }

  private int connections() throws SQLException {
    try (Connection connection = faultFixture.postgres().connect();
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
