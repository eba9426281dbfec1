package dev.runhook.systemtests.resilience;

import static org.awaitility.Awaitility.await;

import dev.runhook.systemtests.fixture.FaultSuite;
import dev.runhook.systemtests.fixture.Ports;
import dev.runhook.systemtests.fixture.PostgresServer;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// Three PostgreSQL servers, of which one is the primary and two are its standbys. The first host
/// of the URL is the first primary.
final class ReplicatedDatabase implements AutoCloseable {
  static final String QUORUM = "ANY 1 (*)";

  private static final int NOWHERE = 1;

  private final List<PostgresServer> servers = new ArrayList<>();
  private PostgresServer primary;

  /// @param synchronousStandbyNames the setting of all servers
  ReplicatedDatabase(Path folder, String synchronousStandbyNames) {
    List<Integer> ports = IntStream.range(0, 3).mapToObj(_ -> Ports.findFree()).toList();
    for (int i = 0; i < ports.size(); i++) {
      servers.add(
          new PostgresServer(
              folder.resolve("database-" + i).resolve("postgres"),
              ports.get(i),
              i > 0,
              List.of(
                  "synchronous_standby_names = '" + synchronousStandbyNames + "'",
                  "primary_conninfo = '" + connectionInfo(ports.getFirst()) + "'",
                  "wal_keep_size = 1GB",
                  "wal_retrieve_retry_interval = 100ms")));
    }
    this.primary = servers.getFirst();
    awaitStandbys(2);
  }

  /// The URL for Runhook, with all hosts.
  String url() {
    return servers.stream()
        .map(server -> "127.0.0.1:" + server.port())
        .collect(Collectors.joining(",", "postgresql://postgres@", "/postgres"));
  }

  PostgresServer primary() {
    return primary;
  }

  /// Waits until standbys are connected to the primary.
  void awaitStandbys(int count) {
    await()
        .atMost(FaultSuite.timeout())
        .until(() ->
            number(primary, "select count(*) from pg_stat_replication where state = 'streaming'")
                >= count);
  }

  /// Disconnects the standbys from the primary.
  void cutLinks() {
    standbys().forEach(standby -> follow(standby, NOWHERE));
    await()
        .pollInterval(Duration.ofMillis(10))
        .atMost(FaultSuite.timeout())
        .until(() -> number(primary, "select count(*) from pg_stat_replication") == 0);
  }

  /// Makes the standby with the most data the primary, and lets the other one follow it. The
  /// previous primary must not accept commits any more.
  void promote() {
    PostgresServer next =
        standbys().stream()
            .max(Comparator.comparingLong(ReplicatedDatabase::position))
            .orElseThrow();
    number(next, "select pg_promote()::int");
    standbys().stream().filter(other -> other != next).forEach(other -> follow(other, next.port()));
    primary = next;
  }

  /// Stops the primary in an orderly way, promotes a standby, and lets the stopped server follow
  /// it.
  void switchOver() {
    PostgresServer previous = primary;
    previous.stop();
    promote();
    previous.makeStandby();
    previous.start();
    follow(previous, primary.port());
    awaitStandbys(2);
  }

  @Override
  public void close() {
    servers.forEach(PostgresServer::close);
  }

  private List<PostgresServer> standbys() {
    return servers.stream().filter(server -> server != primary && server.isAlive()).toList();
  }

  private static void follow(PostgresServer standby, int port) {
    PostgresServer.execute(
        standby.url(), "alter system set primary_conninfo = '" + connectionInfo(port) + "'");
    PostgresServer.execute(standby.url(), "select pg_reload_conf()");
  }

  private static long position(PostgresServer standby) {
    return number(
        standby,
        "select pg_wal_lsn_diff(greatest(pg_last_wal_receive_lsn(), pg_last_wal_replay_lsn()), '0/0')");
  }

  private static long number(PostgresServer server, String query) {
    try (Connection connection = DriverManager.getConnection(server.url());
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(query)) {
      rows.next();
      return rows.getLong(1);
    } catch (SQLException e) {
      throw new IllegalStateException(query, e);
    }
  }

  private static String connectionInfo(int port) {
    return "host=127.0.0.1 user=postgres port=" + port;
  }
}
