package dev.runhook.bootstrap.database;

import dev.runhook.bootstrap.setting.ConfigurationException;
import dev.runhook.bootstrap.setting.DataDirectory;
import dev.runhook.bootstrap.setting.DatabaseSettings;
import dev.runhook.bootstrap.setting.StartupException;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A durable PostgreSQL server in the data directory. It survives restarts, is restarted if it
/// dies, and is stopped by [#close].
///
/// It listens on loopback only. The only role that can connect is `runhook`. It is not a superuser,
/// and its random password is in a file of the data directory.
///
/// If a killed process has left its PostgreSQL server running, this class takes the server over
/// through the port in the pid file. Only one process at a time can use a data directory.
final class EmbeddedDatabase implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(EmbeddedDatabase.class);
  private static final String MAJOR_VERSION = "18";
  private static final Duration CHECK_INTERVAL = Duration.ofMillis(500);
  private static final int PASSWORD_BYTES = 32;
  private static final int MIN_PORT = 20_000;
  private static final int MAX_PORT = 32_000;
  private static final int PORT_ATTEMPTS = 100;

  /// The role of the server, and its database.
  private static final String ROLE = "runhook";

  private static final String CLIENT_AUTHENTICATION =
      """
      # Written when Runhook created this database. No other role can connect, not even the superuser.
      host runhook runhook 127.0.0.1/32 scram-sha-256
      """;

  private final Path directory;
  private final FileChannel lock;
  private final DatabaseSettings settings;
  private final int port;
  private volatile boolean closed;

  /// Guarded by this object. Set before the server is started.
  private @Nullable PostgresPrograms programs;

  /// Guarded by this object.
  private boolean started;

  private EmbeddedDatabase(Path directory, FileChannel lock, String password) throws IOException {
    this.directory = directory;
    this.lock = lock;
    Optional<Integer> running = new Postmaster(directory).findRunningPort();
    this.port = running.isPresent() ? running.get() : freePort();
    this.settings = settings(port, password);
  }

  /// Reserves the data directory and decides on the port and password. Starts nothing.
  ///
  /// @throws ConfigurationException if the directory is unusable or in use
  static EmbeddedDatabase in(Path dataDir) {
    Path directory = directory(dataDir);
    requireMajorVersion(directory);
    try {
      FileChannel lock = lock(DataDirectory.ensureExists(dataDir));
      try {
        return new EmbeddedDatabase(directory, lock, password(directory));
      } catch (IOException | RuntimeException e) {
        lock.close();
        throw e;
      }
    } catch (IOException e) {
      throw new ConfigurationException(
          "the data directory %s is unusable (%s); make it writable or set another RUNHOOK_DATA_DIR"
              .formatted(directory.getParent(), e));
    }
  }

  /// Returns the directory of the database within a data directory.
  static Path directory(Path dataDir) {
    return dataDir.toAbsolutePath().resolve("postgres");
  }

  /// Returns the settings to connect to a server that another process runs in the data directory.
  static Optional<DatabaseSettings> findRunning(Path dataDir) {
    Path directory = directory(dataDir);
    return new Postmaster(directory)
        .findRunningPort()
        .flatMap(port -> readPassword(directory).map(password -> settings(port, password)));
  }

  DatabaseSettings settings() {
    return settings;
  }

  Path directory() {
    return directory;
  }

  /// Creates the database if it does not exist, and starts the server unless it is running.
  ///
  /// @throws StartupException if this fails
  synchronized void start() {
    if (closed || started) {
      return;
    }
    try {
      programs = PostgresPrograms.unpack(Postmaster.binaries(directory), logFile());
      if (!Files.exists(directory.resolve("PG_VERSION"))) {
        create(programs);
      }
      launch(programs);
      watch();
      started = true;
    } catch (IOException e) {
      throw new StartupException(
          "the embedded PostgreSQL in %s did not start (%s); its log is %s"
              .formatted(directory, e.getMessage(), logFile()),
          e);
    }
  }

  @Override
  public void close() {
    closed = true;
    try (lock) {
      stop();
    } catch (IOException e) {
      LOG.warn("stopping the embedded PostgreSQL failed: {}", e.getMessage());
    }
  }

  private synchronized void stop() throws IOException {
    if (programs != null && new Postmaster(directory).findRunningPort().isPresent()) {
      programs.run("", "pg_ctl", "-D", directory.toString(), "-m", "fast", "-t", "30", "stop");
    }
  }

  /// Creates the database in another directory, so that a crash leaves no incomplete one.
  private void create(PostgresPrograms programs) throws IOException {
    Path fresh = directory.resolveSibling("postgres-new");
    DataDirectory.delete(fresh);
    programs.run(
        "",
        "initdb",
        "--pgdata=" + fresh,
        "--username=postgres",
        "--auth=reject",
        "--encoding=UTF8",
        "--locale=C",
        "--locale-provider=builtin",
        "--builtin-locale=C.UTF-8");
    Files.writeString(fresh.resolve("pg_hba.conf"), CLIENT_AUTHENTICATION);
    programs.run(
        """
        create role runhook login password '%s'
        create database runhook owner runhook
        """
            .formatted(settings.password().orElseThrow()),
        "postgres",
        "--single",
        "-D",
        fresh.toString(),
        "-c",
        "exit_on_error=on",
        "postgres");
    Files.move(fresh, directory, StandardCopyOption.ATOMIC_MOVE);
  }

  private void launch(PostgresPrograms programs) throws IOException {
    Postmaster postmaster = new Postmaster(directory);
    postmaster.awaitTermination();
    if (postmaster.findRunningPort().isEmpty()) {
      programs.run(
          "",
          "pg_ctl",
          "--pgdata=" + directory,
          "--log=" + logFile(),
          "--timeout=60",
          "--options=" + options(),
          "start");
    }
  }

  /// The terse verbosity keeps rows out of the log.
  private String options() {
    return ("-p %d -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c fsync=on"
            + " -c synchronous_commit=on -c full_page_writes=on -c max_connections=60"
            + " -c shared_buffers=128MB -c max_wal_size=1GB -c log_error_verbosity=terse")
        .formatted(port);
  }

  private Path logFile() {
    return directory.resolveSibling("postgres.log");
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
    while (!closed && !restart()) {
      LockSupport.parkNanos(CHECK_INTERVAL.toNanos());
    }
  }

  private synchronized boolean restart() {
    if (closed || programs == null) {
      return true;
    }
    try {
      LOG.warn("the embedded PostgreSQL has died; restarting it");
      launch(programs);
      watch();
      return true;
    } catch (IOException e) {
      LOG.error("restarting the embedded PostgreSQL failed: {}", e.getMessage());
      return false;
    }
  }

  private static DatabaseSettings settings(int port, String password) {
    return new DatabaseSettings(
        "jdbc:postgresql://127.0.0.1:" + port + "/" + ROLE,
        Optional.of(ROLE),
        Optional.of(password));
  }

  /// The channel holds the lock until it is closed.
  private static FileChannel lock(Path dataDir) throws IOException {
    FileChannel channel =
        FileChannel.open(
            dataDir.resolve("postgres.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    try {
      if (channel.tryLock() != null) {
        return channel;
      }
    } catch (OverlappingFileLockException _) {
      // another server in this process
    }
    channel.close();
    throw new ConfigurationException(
        "the data directory %s is in use by another Runhook; stop it or set another RUNHOOK_DATA_DIR"
            .formatted(dataDir));
  }

  private static String password(Path directory) throws IOException {
    Path file = passwordFile(directory);
    if (!Files.exists(file) && Files.exists(directory)) {
      throw new ConfigurationException(
          "the file %s is missing; restore it from a backup, or set another RUNHOOK_DATA_DIR"
              .formatted(file));
    }
    if (!Files.exists(file)) {
      byte[] password = new byte[PASSWORD_BYTES];
      new SecureRandom().nextBytes(password);
      DataDirectory.writeSecret(file, HexFormat.of().formatHex(password));
    }
    return readPassword(directory).orElseThrow(() -> new IOException(file + " is not readable"));
  }

  private static Optional<String> readPassword(Path directory) {
    try {
      return Optional.of(Files.readString(passwordFile(directory)).strip());
    } catch (IOException _) {
      return Optional.empty();
    }
  }

  private static Path passwordFile(Path directory) {
    return directory.resolveSibling("postgres-password");
  }

  /// Returns a free port below those that operating systems give to outgoing connections.
  /// Otherwise, a connection of any program could take the port before PostgreSQL listens, or while
  /// it restarts.
  private static int freePort() throws IOException {
    BindException taken = new BindException("no free port");
    for (int attempt = 0; attempt < PORT_ATTEMPTS; attempt++) {
      int port = ThreadLocalRandom.current().nextInt(MIN_PORT, MAX_PORT);
      try (ServerSocket _ = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
        return port;
      } catch (BindException e) {
        taken = e;
      }
    }
    throw taken;
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
}
