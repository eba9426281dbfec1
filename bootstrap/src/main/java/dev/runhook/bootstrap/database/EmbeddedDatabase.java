package dev.runhook.bootstrap.database;

import dev.runhook.bootstrap.setting.ConfigurationException;
import dev.runhook.bootstrap.setting.DataDirectory;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A PostgreSQL of our own in a folder: durable, kept over restarts, started again should it die,
/// stopped by [#close].
///
/// What a killed process of ours left behind is taken over: its server may still run, and its port
/// is in its pid file. One folder serves one process at a time. Any user of this machine can
/// connect to it; where that matters, use a server of the operator's.
final class EmbeddedDatabase implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(EmbeddedDatabase.class);
  private static final String MAJOR_VERSION = "18";
  private static final Duration STARTUP = Duration.ofSeconds(60);
  private static final Duration BETWEEN_RESTARTS = Duration.ofMillis(500);

  private final Path directory;
  private final AtomicBoolean closed = new AtomicBoolean();
  private volatile EmbeddedPostgres server;

  private EmbeddedDatabase(Path folder, EmbeddedPostgres server) {
    this.directory = folder;
    this.server = server;
  }

  static EmbeddedDatabase start(Path dataDir) {
    Path folder = directory(dataDir);
    refuseOtherVersion(folder);
    EmbeddedDatabase database =
        new EmbeddedDatabase(folder, started(folder, new Postmaster(folder).findRunningPort()));
    database.watch();
    return database;
  }

  /// Where it is in a data folder.
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
  public void close() throws IOException {
    closed.set(true);
    server.close();
  }

  private static EmbeddedPostgres started(Path folder, Optional<Integer> port) {
    try {
      DataDirectory.ensureExists(folder);
      new Postmaster(folder).awaitTermination();
      EmbeddedPostgres.Builder builder =
          EmbeddedPostgres.builder()
              .setOverrideWorkingDirectory(Postmaster.binaries(folder).toFile())
              .setDataDirectory(folder)
              .setCleanDataDirectory(false)
              .setRegisterShutdownHook(false)
              .setPGStartupWait(STARTUP)
              .setServerConfig("fsync", "on")
              .setServerConfig("synchronous_commit", "on")
              .setServerConfig("full_page_writes", "on")
              .setServerConfig("max_connections", "60")
              .setServerConfig("shared_buffers", "128MB")
              .setServerConfig("max_wal_size", "1GB")
              .setServerConfig("log_error_verbosity", "terse") // or its log quotes rows
              .setOutputRedirector(
                  ProcessBuilder.Redirect.appendTo(folder.resolveSibling("postgres.log").toFile()))
              .setErrorRedirector(
                  ProcessBuilder.Redirect.appendTo(folder.resolveSibling("postgres.log").toFile()));
      port.ifPresent(builder::setPort);
      EmbeddedPostgres started = builder.start();
      DataDirectory.restrictToOwner(
          Postmaster.binaries(folder)); // it is made writable for everybody
      return started;
    } catch (IllegalStateException e) {
      if (!String.valueOf(e.getMessage()).startsWith("could not lock")) {
        throw unstartable(folder, e);
      }
      throw new ConfigurationException(
          "the data folder "
              + folder.getParent()
              + " is in use by another Runhook ("
              + e.getMessage()
              + "); stop that one or set RUNHOOK_DATA_DIR");
    } catch (IOException e) {
      throw unstartable(folder, e);
    }
  }

  private static ConfigurationException unstartable(Path folder, Exception e) {
    return new ConfigurationException(
        "the embedded PostgreSQL in "
            + folder
            + " did not start ("
            + e.getMessage()
            + "); its log is "
            + folder.resolveSibling("postgres.log"));
  }

  private static void refuseOtherVersion(Path folder) {
    Path file = folder.resolve("PG_VERSION");
    if (Files.exists(file)) {
      String version = versionIn(file);
      if (!version.equals(MAJOR_VERSION)) {
        throw new ConfigurationException(
            "the data folder %s was made by PostgreSQL %s, and this is %s; move it with pg_upgrade, or run that server and set RUNHOOK_DATABASE_URL"
                .formatted(folder, version, MAJOR_VERSION));
      }
    }
  }

  private static String versionIn(Path file) {
    try {
      return Files.readString(file).strip();
    } catch (IOException e) {
      throw new ConfigurationException(file + " cannot be read: " + e);
    }
  }

  private void watch() {
    new Postmaster(directory)
        .findProcess()
        .ifPresent(
            process -> Thread.ofVirtual().name("database-watch").start(() -> watch(process)));
  }

  private void watch(ProcessHandle process) {
    while (!closed.get() && Postmaster.isRunning(process)) {
      pause();
    }
    startAgain();
  }

  private void startAgain() {
    int port = server.getPort();
    while (!closed.get()) {
      try {
        LOG.warn("the embedded PostgreSQL has ended; starting it again");
        closeQuietly();
        server = started(directory, Optional.of(port));
        watch();
        return;
      } catch (RuntimeException e) {
        LOG.error("the embedded PostgreSQL does not start: {}", e.getMessage());
        pause();
      }
    }
  }

  private void closeQuietly() {
    try {
      server.close();
    } catch (IOException | RuntimeException e) {
      LOG.debug("closing what is left of the embedded PostgreSQL", e);
    }
  }

  private static void pause() {
    try {
      Thread.sleep(BETWEEN_RESTARTS);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
