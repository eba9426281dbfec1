package dev.runhook.bootstrap.database;

import dev.runhook.bootstrap.setting.ConfigurationException;
import dev.runhook.bootstrap.setting.DataDirectory;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A durable PostgreSQL server in the data directory. It survives restarts, is restarted if it
/// dies, and is stopped by [#close].
///
/// If a killed process has left its PostgreSQL server running, this class takes the server over
/// through the port in the pid file. Only one process at a time can use a data directory. Every
/// user of the machine can connect to the server; use an external database if that is a problem.
final class EmbeddedDatabase implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(EmbeddedDatabase.class);
  private static final String MAJOR_VERSION = "18";
  private static final Duration START_TIMEOUT = Duration.ofSeconds(60);
  private static final Duration CHECK_INTERVAL = Duration.ofMillis(500);

  private final Path directory;
  private volatile boolean closed;
  private volatile EmbeddedPostgres server;

  private EmbeddedDatabase(Path directory, EmbeddedPostgres server) {
    this.directory = directory;
    this.server = server;
  }

  static EmbeddedDatabase start(Path dataDir) {
    Path directory = directory(dataDir);
    requireMajorVersion(directory);
    EmbeddedDatabase database =
        new EmbeddedDatabase(
            directory, startServer(directory, new Postmaster(directory).findRunningPort()));
    database.watch();
    return database;
  }

  /// Returns the directory of the database within a data directory.
  static Path directory(Path dataDir) {
    return dataDir.toAbsolutePath().resolve("postgres");
  }

  String jdbcUrl() {
    return server.getJdbcUrl("postgres", "postgres");
  }

  Path directory() {
    return directory;
  }

  @Override
  public void close() {
    closed = true;
    try {
      server.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static EmbeddedPostgres startServer(Path directory, Optional<Integer> port) {
    Path binaries = Postmaster.binaries(directory);
    Redirect log = Redirect.appendTo(logFile(directory).toFile());
    try {
      DataDirectory.ensureExists(directory);
      new Postmaster(directory).awaitTermination();
      EmbeddedPostgres.Builder builder =
          EmbeddedPostgres.builder()
              .setOverrideWorkingDirectory(binaries.toFile())
              .setDataDirectory(directory)
              .setCleanDataDirectory(false)
              .setRegisterShutdownHook(false)
              .setPGStartupWait(START_TIMEOUT)
              .setServerConfig("fsync", "on")
              .setServerConfig("synchronous_commit", "on")
              .setServerConfig("full_page_writes", "on")
              .setServerConfig("max_connections", "60")
              .setServerConfig("shared_buffers", "128MB")
              .setServerConfig("max_wal_size", "1GB")
              .setServerConfig("log_error_verbosity", "terse") // otherwise, the log quotes rows
              .setOutputRedirector(log)
              .setErrorRedirector(log);
      port.ifPresent(builder::setPort);
      EmbeddedPostgres server = builder.start();
      // the library makes the directory writable for all users
      DataDirectory.restrictToOwner(binaries);
      return server;
    } catch (IllegalStateException e) {
      if (!String.valueOf(e.getMessage()).startsWith("could not lock")) {
        throw startFailed(directory, e);
      }
      throw new ConfigurationException(
          "the data directory %s is in use by another Runhook (%s); stop it or set another RUNHOOK_DATA_DIR"
              .formatted(directory.getParent(), e.getMessage()));
    } catch (IOException e) {
      throw startFailed(directory, e);
    }
  }

  private static Path logFile(Path directory) {
    return directory.resolveSibling("postgres.log");
  }

  private static ConfigurationException startFailed(Path directory, Exception e) {
    return new ConfigurationException(
        "the embedded PostgreSQL in %s did not start (%s); its log is %s"
            .formatted(directory, e.getMessage(), logFile(directory)));
  }

  private static void requireMajorVersion(Path directory) {
    Path file = directory.resolve("PG_VERSION");
    try {
      String version = Files.exists(file) ? Files.readString(file).strip() : MAJOR_VERSION;
      if (!version.equals(MAJOR_VERSION)) {
        throw new ConfigurationException(
            ("the data directory %s was created by PostgreSQL %s, but this version uses %s; use"
                    + " pg_upgrade, or run PostgreSQL yourself and set RUNHOOK_DATABASE_URL")
                .formatted(directory, version, MAJOR_VERSION));
      }
    } catch (IOException e) {
      throw new ConfigurationException(file + " is unreadable: " + e);
    }
  }

  private void watch() {
    new Postmaster(directory)
        .findProcess()
        .ifPresent(
            process -> Thread.ofVirtual().name("database-watch").start(() -> watch(process)));
  }

  private void watch(ProcessHandle process) {
    while (!closed && Postmaster.isRunning(process)) {
      LockSupport.parkNanos(CHECK_INTERVAL.toNanos());
    }
    restart();
  }

  private void restart() {
    int port = server.getPort();
    while (!closed) {
      try {
        LOG.warn("the embedded PostgreSQL has died; restarting it");
        closeQuietly();
        server = startServer(directory, Optional.of(port));
        watch();
        return;
      } catch (RuntimeException e) {
        LOG.error("restarting the embedded PostgreSQL failed: {}", e.getMessage());
        LockSupport.parkNanos(CHECK_INTERVAL.toNanos());
      }
    }
  }

  private void closeQuietly() {
    try {
      server.close();
    } catch (IOException | RuntimeException e) {
      LOG.debug("closing the dead embedded PostgreSQL failed", e);
    }
  }
}
