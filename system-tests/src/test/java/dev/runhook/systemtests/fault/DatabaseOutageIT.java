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

/// The database fails under load: nothing acknowledged is lost, the order is kept, callers get 503,
/// and the server recovers without intervention.
@SuppressWarnings("NullAway.Init")
class DatabaseOutageIT {
  private static final int CALLERS = 4;
  private static final Duration PAUSE = Duration.ofMillis(10);

  /// The server needs a quarter of a second to reconnect; the rest allows for slow machines.
  private static final Duration MAX_RECOVERY = Duration.ofSeconds(4);

  /// The sum of 5 s to get a connection, 2 s to detect a broken one, and 8 s without data in a
  /// statement.
  private static final Duration MAX_CALL = Duration.ofSeconds(16);

  private final FaultSuite faultSuite = FaultSuite.of("DatabaseOutageIT");
  private final MeteredReceiver receiver = MeteredReceiver.accepting();
  @TempDir private static Path folder;
  private static FaultFixture fixture;
  private static RunhookProcess server;
  private ContinuousLoad load;
  private long longestRecovery;
  private long longestUntilReady;

  @BeforeAll
  static void serve() throws IOException {
    fixture = FaultFixture.open(folder, FaultFixture.SETTINGS);
    server = fixture.startServer();
  }

  @BeforeEach
  void open(TestInfo test) throws IOException {
    String stack = test.getTestMethod().orElseThrow().getName().replace('_', '-');
    FaultFixture.createWebhook(server, stack, receiver.url());
    load = ContinuousLoad.start(FaultFixture.loadTarget(stack, List.of(server)), CALLERS, PAUSE);
    load.awaitAcknowledged(100);
  }

  @AfterEach
  void close() {
    load.close();
    receiver.close();
  }

  @AfterAll
  static void end() {
    try {
      assertThat(server.terminate()).as(server.allOutput()).isZero();
    } finally {
      fixture.close();
    }
  }

  @Test
  void the_server_recovers_after_postgres_was_stopped_and_killed() {
    int stops = FaultSuite.choose(1, 10);
    int kills = FaultSuite.choose(1, 5);

    for (int i = 0; i < stops; i++) {
      outage(fixture.postgres()::stopImmediately, random(FaultSuite.choose(1500, 6000)));
    }
    for (int i = 0; i < kills; i++) {
      outage(fixture.postgres()::kill, random(FaultSuite.choose(1500, 6000)));
    }

    expectNothingLost(stops + " immediate stops, " + kills + " kills of PostgreSQL");
  }

  /// A client that backs off exponentially would reconnect late.
  @Test
  void the_server_recovers_soon_after_a_long_outage() {
    Duration down = Duration.ofSeconds(FaultSuite.choose(6, 40));

    outage(fixture.postgres()::stopImmediately, down);

    expectNothingLost("PostgreSQL down for " + down.toSeconds() + " s");
  }

  @Test
  void the_server_replaces_terminated_connections() throws SQLException {
    Duration duration = Duration.ofSeconds(FaultSuite.choose(5, 60));

    int terminated = terminateConnectionsFor(duration);
    recordRecovery(System.nanoTime());

    assertThat(terminated).isPositive();
    assertThat(connections()).isLessThanOrEqualTo(17);
    expectNothingLost(terminated + " connections terminated in " + duration.toSeconds() + " s");
  }

  @Test
  void the_server_recovers_after_the_network_dropped_all_packets() {
    int times = FaultSuite.choose(1, 4);

    for (int i = 0; i < times; i++) {
      fixture.databaseProxy().setFault(new Fault.BlackHole());
      FaultFixture.awaitReady(server, false);
      FaultSuite.letPass(Duration.ofMillis(FaultSuite.choose(9_000, 10_000 + 5_000 * i)));
      fixture.databaseProxy().setFault(new Fault.None());
      recordRecovery(System.nanoTime());
    }

    assertThat(load.unavailableResponses()).isPositive();
    expectNothingLost(times + " network outages");
  }

  private Duration random(int maxMillis) {
    return Duration.ofMillis(faultSuite.random().nextInt(200, maxMillis));
  }

  private void outage(Runnable fault, Duration down) {
    load.awaitAcknowledged(50);
    int before = load.unavailableResponses();
    fault.run();
    FaultFixture.awaitReady(server, false);
    await().atMost(MAX_CALL).until(() -> load.unavailableResponses() > before);
    FaultSuite.letPass(down);
    fixture.postgres().start();
    recordRecovery(System.nanoTime());
  }

  /// Measures the time until a report is acknowledged and until the server reports that it is
  /// ready.
  ///
  /// @param back the `nanoTime` at which the database was available again
  private void recordRecovery(long back) {
    load.awaitAcknowledged(1);
    longestRecovery = Math.max(longestRecovery, System.nanoTime() - back);
    FaultFixture.awaitReady(server, true);
    longestUntilReady = Math.max(longestUntilReady, System.nanoTime() - back);
  }

  private void expectNothingLost(String description) {
    List<String> runs = load.stop();
    long duplicates = FaultFixture.awaitAndVerify(receiver, runs);
    faultSuite.report(
        "%s: %s; lost 0, in order, %d duplicates; first acknowledgement %s and ready %s after the database was back"
            .formatted(
                description,
                load.summary(),
                duplicates,
                FaultSuite.formatSeconds(longestRecovery),
                FaultSuite.formatSeconds(longestUntilReady)));
    assertThat(Duration.ofNanos(load.longestCall())).isLessThan(MAX_CALL);
    assertThat(Duration.ofNanos(longestUntilReady)).isLessThan(MAX_RECOVERY);
  }

  private int terminateConnectionsFor(Duration duration) throws SQLException {
    long end = System.nanoTime() + duration.toNanos();
    int terminated = 0;
    try (Connection connection = fixture.postgres().connect();
        Statement statement = connection.createStatement()) {
      while (System.nanoTime() - end < 0) {
        terminated +=
            count(
                statement,
                """
                select count(pg_terminate_backend(pid)) from pg_stat_activity
                where application_name like 'runhook %'\
                """);
        FaultSuite.letPass(Duration.ofMillis(200));
      }
    }
    return terminated;
  }

  private int connections() throws SQLException {
    try (Connection connection = fixture.postgres().connect();
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
