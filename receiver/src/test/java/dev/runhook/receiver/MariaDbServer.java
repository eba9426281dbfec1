package dev.runhook.receiver;

import dev.runhook.testkit.Prerequisite;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.mariadb.jdbc.MariaDbDataSource;

/// A MariaDB server with an empty database, as a child process that listens on a socket file.
final class MariaDbServer implements AutoCloseable {
  private static final int SECONDS = 60;

  private final Process server;
  private final String url;

  private MariaDbServer(Process server, String url) {
    this.server = server;
    this.url = url;
  }

  /// Starts a server, or skips the test if none is installed.
  ///
  /// @param folder an empty directory for its files
  static MariaDbServer start(Path folder) throws SQLException {
    Path installer = find("mariadb-install-db");
    Path program = find("mariadbd");
    Path data = folder.resolve("data");
    run(
        folder,
        List.of(
            installer.toString(),
            "--no-defaults",
            "--auth-root-authentication-method=normal",
            "--skip-test-db",
            "--user=" + System.getProperty("user.name"),
            "--datadir=" + data));
    int port = findFreePort();
    Process server =
        launch(
            folder,
            List.of(
                program.toString(),
                "--no-defaults",
                "--user=" + System.getProperty("user.name"),
                "--datadir=" + data,
                "--socket=" + folder.resolve("socket"),
                "--bind-address=127.0.0.1",
                "--port=" + port,
                "--innodb-buffer-pool-size=32M",
                "--innodb-flush-log-at-trx-commit=0",
                "--innodb-flush-method=nosync"));
    String url = "jdbc:mariadb://127.0.0.1:" + port + "/";
    MariaDbServer started = new MariaDbServer(server, url);
    try (Connection connection = started.connect()) {
      connection.createStatement().execute("create database inbox character set utf8mb4");
    }
    return started;
  }

  private static Path find(String program) {
    Optional<Path> found =
        Stream.of((System.getenv("PATH") + ":/usr/sbin").split(File.pathSeparator))
            .map(folder -> Path.of(folder, program))
            .filter(Files::isExecutable)
            .findFirst();
    return found.orElseThrow(
        () -> Prerequisite.missing(program + " is missing: apt-get install mariadb-server"));
  }

  private static int findFreePort() {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Waits until the server accepts connections.
  private Connection connect() throws SQLException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
    while (true) {
      try {
        return DriverManager.getConnection(url + "?user=root");
      } catch (SQLException e) {
        if (!server.isAlive() || System.nanoTime() > end) {
          throw e;
        }
        Thread.onSpinWait();
      }
    }
  }

  DataSource dataSource() throws SQLException {
    return new MariaDbDataSource(url + "inbox?user=root");
  }

  @Override
  public void close() {
    server.destroyForcibly().onExit().join();
  }

  private static void run(Path folder, List<String> command) {
    try {
      if (!launch(folder, command).waitFor(SECONDS, TimeUnit.SECONDS)) {
        throw new IllegalStateException(command + " does not end");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static Process launch(Path folder, List<String> command) {
    File log = folder.resolve("log").toFile();
    try {
      return new ProcessBuilder(new ArrayList<>(command))
          .redirectErrorStream(true)
          .redirectOutput(ProcessBuilder.Redirect.appendTo(log))
          .start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
