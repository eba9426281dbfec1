package dev.runhook.bench.system;

import com.zaxxer.hikari.HikariDataSource;
import dev.runhook.bench.load.DatabaseSeeder;
import dev.runhook.bench.load.Dataset;
import dev.runhook.bench.load.Timestamps;
import dev.runhook.bench.process.ChildProcess;
import dev.runhook.bench.process.PostgresServer;
import dev.runhook.bench.sink.ReceiptLog;
import dev.runhook.bench.sink.Sink;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.stream.Stream;

/// The environment of one benchmark: a folder, a PostgreSQL server, a sink, and the processes of
/// the measured systems.
public final class Environment implements AutoCloseable {
  private final Path folder;
  private final PostgresServer postgres;
  private final int capacity;
  private final ReceiptLog receipts;
  private final Timestamps acknowledgements;
  private final List<ChildProcess> processes = new ArrayList<>();
  private final ChildProcess sink;
  private final int sinkPort;

  private Environment(Path folder, int capacity) {
    this.folder = folder;
    this.capacity = capacity;
    this.receipts = ReceiptLog.map(receiptsFile(), capacity);
    this.acknowledgements = Timestamps.map(acknowledgementsFile(), capacity);
    this.postgres = startPostgres(folder);
    this.sink =
        start(
            "sink",
            Sink.class,
            List.of(receiptsFile().toString(), String.valueOf(capacity), Dataset.SECRET.reveal()));
    this.sinkPort = Integer.parseInt(sink.awaitLine("ready"));
  }

  /// Starts PostgreSQL and the sink.
  ///
  /// @param parent contains the folder of this environment, which [#close] deletes
  /// @param capacity the maximum number of deliveries in one round
  public static Environment open(Path parent, int capacity) {
    try {
      Files.createDirectories(parent);
      return new Environment(
          Files.createTempDirectory(parent.toAbsolutePath(), "bench-"), capacity);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Starts a PostgreSQL server, with the programs of those that earlier benchmarks have started.
  public PostgresServer startPostgres(Path data) {
    return PostgresServer.start(data, folder.resolveSibling("postgres"));
  }

  public Path folder() {
    return folder;
  }

  public PostgresServer postgres() {
    return postgres;
  }

  public ReceiptLog receipts() {
    return receipts;
  }

  /// When the response to each report arrived.
  public Timestamps acknowledgements() {
    return acknowledgements;
  }

  public ChildProcess sink() {
    return sink;
  }

  public int capacity() {
    return capacity;
  }

  Path receiptsFile() {
    return folder.resolve("receipts");
  }

  Path acknowledgementsFile() {
    return folder.resolve("acknowledgements");
  }

  /// Returns the endpoint of the webhook with the given number.
  public String endpoint(int webhook) {
    return "http://127.0.0.1:" + sinkPort + "/w" + webhook;
  }

  /// Returns an endpoint that never responds.
  public String hangingEndpoint(int webhook) {
    return "http://127.0.0.1:" + sinkPort + "/hang" + webhook;
  }

  /// Creates a database that contains the dataset and returns its JDBC URL.
  public String database(String name, Dataset dataset) {
    return database(name, dataset, this::endpoint);
  }

  /// Creates a database in which the webhooks have the given endpoints.
  public String database(String name, Dataset dataset, IntFunction<String> endpoints) {
    String url = postgres.createDatabase(name);
    try (HikariDataSource pool = PostgresServer.newPool(url, 16)) {
      DatabaseSeeder.seed(dataset, List.of(pool), endpoints);
    }
    return url;
  }

  ChildProcess start(String name, Class<?> main, List<String> arguments) {
    return start(name, main, arguments, Map.of());
  }

  /// Starts a process that ends with this environment.
  ChildProcess start(
      String name, Class<?> main, List<String> arguments, Map<String, String> variables) {
    ChildProcess process =
        ChildProcess.start(
            new ChildProcess.LaunchSpec(
                name, main, arguments, variables, folder.resolve(name + ".log")));
    processes.add(process);
    return process;
  }

  @Override
  public void close() {
    processes.forEach(ChildProcess::close);
    postgres.close();
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
