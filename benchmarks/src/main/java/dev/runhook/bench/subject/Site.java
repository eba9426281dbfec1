package dev.runhook.bench.subject;

import com.zaxxer.hikari.HikariDataSource;
import dev.runhook.bench.process.Child;
import dev.runhook.bench.process.Cluster;
import dev.runhook.bench.sink.Receipts;
import dev.runhook.bench.sink.Sink;
import dev.runhook.bench.work.Founding;
import dev.runhook.bench.work.Moments;
import dev.runhook.bench.work.World;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.stream.Stream;

/// Where a measurement takes place: a folder, a PostgreSQL and a sink.
public final class Site implements AutoCloseable {
  private final Path folder;
  private final Cluster cluster;
  private final int capacity;
  private final Receipts receipts;
  private final Moments answered;
  private final Child sink;
  private final int sinkPort;

  private Site(Path folder, int capacity) {
    this.folder = folder;
    this.capacity = capacity;
    this.receipts = Receipts.in(receiptsFile(), capacity);
    this.answered = Moments.in(answeredFile(), capacity);
    this.cluster = Cluster.start(folder);
    this.sink =
        Child.start(
            plan("sink", Sink.class, List.of(receiptsFile().toString(), String.valueOf(capacity))));
    this.sinkPort = Integer.parseInt(sink.await("ready"));
  }

  /// @param parent gets a folder for this measurement alone, which goes with it
  /// @param capacity how many deliveries are received at most between two clearings
  public static Site open(Path parent, int capacity) {
    try {
      Files.createDirectories(parent);
      return new Site(Files.createTempDirectory(parent.toAbsolutePath(), "site-"), capacity);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public Path folder() {
    return folder;
  }

  public Cluster cluster() {
    return cluster;
  }

  public Receipts receipts() {
    return receipts;
  }

  /// When reports were answered.
  public Moments answered() {
    return answered;
  }

  public Child sink() {
    return sink;
  }

  public int capacity() {
    return capacity;
  }

  Path receiptsFile() {
    return folder.resolve("receipts");
  }

  Path answeredFile() {
    return folder.resolve("answered");
  }

  /// The endpoint of the webhook of that number.
  public String endpoint(int webhook) {
    return "http://127.0.0.1:" + sinkPort + "/w" + webhook;
  }

  /// One that never answers.
  public String hangingEndpoint(int webhook) {
    return "http://127.0.0.1:" + sinkPort + "/hang" + webhook;
  }

  /// Makes a database that the world is in, and says where it is.
  public String database(String name, World world) {
    return database(name, world, this::endpoint);
  }

  /// The same with other endpoints.
  public String database(String name, World world, IntFunction<String> endpoints) {
    String url = cluster.create(name);
    try (HikariDataSource pool = Cluster.connections(url, 16)) {
      Founding.found(world, pool, endpoints);
    }
    return url;
  }

  public Child.Plan plan(String name, Class<?> main, List<String> arguments) {
    return plan(name, main, arguments, Map.of());
  }

  public Child.Plan plan(
      String name, Class<?> main, List<String> arguments, Map<String, String> environment) {
    return new Child.Plan(name, main, arguments, environment, folder.resolve(name + ".log"));
  }

  @Override
  public void close() {
    sink.close();
    cluster.close();
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
