package dev.runhook.systemtests.fault;

import static org.awaitility.Awaitility.await;

import dev.runhook.systemtests.fixture.Ports;
import dev.runhook.systemtests.fixture.StartupCache;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// A durable PostgreSQL of a test's own, as a child process on a port that stays the same: it can
/// be stopped, killed and started again.
final class RestartablePostgres implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(90);
  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(10);

  private final Path programs = StartupCache.postgresHome();
  private final Path data;
  private final int port = Ports.findFree();
  private Process server;

  /// Makes a new cluster and starts it.
  ///
  /// @param data where the cluster goes; its log goes beside it
  RestartablePostgres(Path data) {
    this.data = data;
    StartupCache.copyEmptyCluster(data);
    this.server = launched();
    awaitAccepting();
  }

  int port() {
    return port;
  }

  boolean isAlive() {
    return server.isAlive();
  }

  Connection connect() throws SQLException {
    return DriverManager.getConnection(url(port));
  }

  /// @param atPort its own, or that of a proxy in front of it
  static String url(int atPort) {
    return "jdbc:postgresql://127.0.0.1:" + atPort + "/postgres?user=postgres";
  }

  /// As `pg_ctl stop -m immediate`: no shutdown, recovery at the next start.
  void stopImmediately() {
    run("pg_ctl", "-D", data.toString(), "-m", "immediate", "-w", "stop");
    awaitEnd(List.of());
  }

  /// SIGKILL for the postmaster; its children notice by themselves.
  void kill() {
    List<ProcessHandle> children = server.descendants().toList();
    server.destroyForcibly();
    awaitEnd(children);
  }

  /// Starts it again; returns when it accepts connections.
  void start() {
    server = launched();
    awaitAccepting();
  }

  @Override
  public void close() {
    if (server.isAlive()) {
      kill();
    }
  }

  private void awaitEnd(List<ProcessHandle> children) {
    await()
        .pollInterval(BETWEEN_LOOKS)
        .atMost(PATIENCE)
        .until(() -> !server.isAlive() && children.stream().noneMatch(RestartablePostgres::runs));
  }

  /// A child whose parent was killed may stay unburied; it has no command any more.
  private static boolean runs(ProcessHandle process) {
    return process.isAlive() && process.info().command().isPresent();
  }

  private void awaitAccepting() {
    await().pollInterval(BETWEEN_LOOKS).atMost(PATIENCE).until(this::accepts);
  }

  private boolean accepts() {
    if (!server.isAlive()) {
      server = launched(); // what is left of the one before it has kept it out
    }
    try (Connection connection = connect()) {
      return connection.isValid(1);
    } catch (SQLException _) {
      return false;
    }
  }

  private Process launched() {
    return start(
        command(
            "postgres",
            "-D",
            data.toString(),
            "-p",
            Integer.toString(port),
            "-c",
            "listen_addresses=127.0.0.1",
            "-c",
            "unix_socket_directories=",
            "-c",
            "shared_buffers=64MB",
            "-c",
            "max_connections=60"));
  }

  private void run(String program, String... arguments) {
    try {
      start(command(program, arguments)).waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private Process start(List<String> command) {
    try {
      Redirect log = Redirect.appendTo(data.resolveSibling("postgres.log").toFile());
      return new ProcessBuilder(command).redirectOutput(log).redirectError(log).start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// PostgreSQL refuses to run as root; in a namespace of its own it is nobody.
  private List<String> command(String program, String... arguments) {
    List<String> command = new ArrayList<>();
    if ("root".equals(System.getProperty("user.name"))) {
      command.addAll(List.of("unshare", "-U"));
    }
    command.add(programs.resolve("bin").resolve(program).toString());
    command.addAll(List.of(arguments));
    return command;
  }
}
