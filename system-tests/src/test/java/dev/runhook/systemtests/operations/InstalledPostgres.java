package dev.runhook.systemtests.operations;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runhook.systemtests.fixture.Ports;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// A PostgreSQL server like that of an operator, from the packages installed on this machine. It
/// has the client programs that the embedded one lacks, requires a password, and has a database and
/// a user `runhook`.
final class InstalledPostgres implements AutoCloseable {
  static final String PASSWORD = "a p%sswörd: with @ll/of it?";
  private static final Path INSTALLED = Path.of("/usr/lib/postgresql");
  private static final int TIMEOUT_SECONDS = 60;

  private final Path binDirectory;
  private final Path folder;
  private final int port = Ports.findFree();

  private InstalledPostgres(Path programs, Path folder) {
    this.binDirectory = programs;
    this.folder = folder;
  }

  /// Finds the programs of the newest installed version that has `pg_dump`.
  static Optional<Path> findPrograms() {
    if (!Files.isDirectory(INSTALLED)) {
      return Optional.empty();
    }
    try (Stream<Path> versions = Files.list(INSTALLED)) {
      return versions
          .filter(version -> Files.isExecutable(version.resolve("bin/postgres")))
          .filter(version -> Files.isExecutable(version.resolve("bin/pg_dump")))
          .max(Comparator.comparing(version -> Integer.valueOf(version.toFile().getName())))
          .map(version -> version.resolve("bin"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Starts a server with an empty database.
  static InstalledPostgres start(Path programs, Path folder) {
    InstalledPostgres server = new InstalledPostgres(programs, folder);
    server.initialize();
    return server;
  }

  /// The URL without user and password.
  String url() {
    return "jdbc:postgresql://127.0.0.1:" + port + "/runhook";
  }

  /// The URL with user and password, percent-encoded.
  String urlWithPassword() {
    StringBuilder encoded = new StringBuilder();
    for (byte b : PASSWORD.getBytes(StandardCharsets.UTF_8)) {
      encoded.append("%%%02X".formatted(b));
    }
    return "postgresql://runhook:" + encoded + "@127.0.0.1:" + port + "/runhook";
  }

  Path binDirectory() {
    return binDirectory;
  }

  /// Stops the server without a shutdown and deletes its data.
  void destroy() {
    stop();
    try (Stream<Path> files = Files.walk(data())) {
      files.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(File::delete);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    assertThat(data()).doesNotExist();
  }

  @Override
  public void close() {
    if (Files.exists(data())) {
      stop();
    }
  }

  private void stop() {
    run("pg_ctl", "-D", data().toString(), "-m", "immediate", "-w", "stop");
  }

  private Path data() {
    return folder.resolve("cluster");
  }

  private void initialize() {
    try {
      Path password = Files.writeString(folder.resolve("superuser"), PASSWORD + "\n");
      run(
          "initdb",
          List.of("-D", data().toString(), "-U", "postgres", "-A", "scram-sha-256", "-E", "UTF8"),
          "--pwfile=" + password);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    String options =
        "-p %d -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c shared_buffers=64MB"
            .formatted(port);
    run(
        "pg_ctl",
        List.of("-D", data().toString(), "-l", folder.resolve("postgres.log").toString(), "-w"),
        "-o",
        options,
        "start");
    sql("create user runhook password '" + PASSWORD + "'");
    sql("create database runhook owner runhook");
  }

  private void sql(String statement) {
    run(
        "psql",
        List.of("-h", "127.0.0.1", "-p", Integer.toString(port), "-U", "postgres"),
        "-c",
        statement);
  }

  private void run(String program, String... arguments) {
    run(program, List.of(), arguments);
  }

  /// Runs the program in a user namespace if the user is root: PostgreSQL refuses to run as root.
  private void run(String program, List<String> first, String... then) {
    List<String> command = new ArrayList<>();
    if ("root".equals(System.getProperty("user.name"))) {
      command.addAll(List.of("unshare", "-U"));
    }
    command.add(binDirectory.resolve(program).toString());
    command.addAll(first);
    command.addAll(List.of(then));
    File log = folder.resolve("programs.log").toFile();
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log));
    builder.environment().putAll(Map.of("PGPASSWORD", PASSWORD, "LC_ALL", "C.UTF-8"));
    try {
      Process process = builder.start();
      assertThat(process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS))
          .as("%s ends", program)
          .isTrue();
      assertThat(process.exitValue())
          .as("%s: see %s", program, Files.readString(log.toPath()))
          .isZero();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
