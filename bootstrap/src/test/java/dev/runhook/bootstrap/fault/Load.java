package dev.runhook.bootstrap.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/// Callers who report runs, each through all its states, and repeat each report until it is
/// acknowledged. They go round all servers. Thread-safe.
final class Load implements AutoCloseable {
  static final List<String> STATES =
      List.of(
          "QUEUED",
          "PREPARING",
          "INITIALIZING",
          "PLANNING",
          "UNCONFIRMED",
          "CONFIRMED",
          "APPLYING",
          "FINISHED");
  private static final Duration BETWEEN_TRIES = Duration.ofMillis(50);
  private static final Duration TIMEOUT = Duration.ofSeconds(40);

  private final HttpClient http = HttpClient.newHttpClient();
  private final Target target;
  private final Duration pause;
  private final List<Thread> callers = new ArrayList<>();
  private final Queue<String> runs = new ConcurrentLinkedQueue<>();
  private final Map<String, Long> acknowledged = new ConcurrentHashMap<>();
  private final Queue<String> wrong = new ConcurrentLinkedQueue<>();
  private final AtomicInteger unavailable = new AtomicInteger();
  private final AtomicInteger broken = new AtomicInteger();
  private final AtomicLong longest = new AtomicLong();
  private final AtomicInteger turn = new AtomicInteger();
  private volatile boolean stopping;

  /// @param servers their URLs
  record Target(List<String> servers, String token, String stack) {
    Target {
      servers = List.copyOf(servers);
    }
  }

  private Load(Target target, Duration pause) {
    this.target = target;
    this.pause = pause;
  }

  /// @param pause of each caller between two reports
  static Load on(Target target, int callers, Duration pause) {
    Load load = new Load(target, pause);
    for (int i = 0; i < callers; i++) {
      int caller = i;
      load.callers.add(Thread.ofVirtual().start(() -> load.call(caller)));
    }
    return load;
  }

  static String key(String run, int version) {
    return run + " v" + version;
  }

  int acknowledged() {
    return acknowledged.size();
  }

  /// How often a server said that it cannot now.
  int unavailable() {
    return unavailable.get();
  }

  /// When each report was acknowledged, in nanoseconds, by [#key].
  Map<String, Long> acknowledgedAt() {
    return Map.copyOf(acknowledged);
  }

  long longestCall() {
    return longest.get();
  }

  /// Waits until so many more are acknowledged than now; how long that took.
  long awaitMore(int more) {
    long start = System.nanoTime();
    int wanted = acknowledged() + more;
    await()
        .pollInterval(Duration.ofMillis(5))
        .atMost(Suite.PATIENCE)
        .until(() -> acknowledged() >= wanted);
    return System.nanoTime() - start;
  }

  /// Lets the callers end their runs, and says which runs there were.
  List<String> stop() {
    stopping = true;
    await().atMost(Suite.PATIENCE).until(() -> callers.stream().noneMatch(Thread::isAlive));
    assertThat(wrong).as("answers that are neither an acknowledgement nor a 503").isEmpty();
    return List.copyOf(runs);
  }

  String summary() {
    return "%d acknowledged, %d answers 503, %d calls broken, longest call %s"
        .formatted(acknowledged(), unavailable.get(), broken.get(), Suite.seconds(longest.get()));
  }

  @Override
  public void close() {
    stopping = true;
    callers.forEach(Thread::interrupt);
    http.shutdownNow();
  }

  private void call(int caller) {
    for (int i = 0; !stopping; i++) {
      String run = "run-" + caller + "-" + i;
      runs.add(run);
      for (int version = 1; version <= STATES.size(); version++) {
        while (!report(run, version)) {
          if (Thread.currentThread().isInterrupted()) {
            return;
          }
          LockSupport.parkNanos(BETWEEN_TRIES.toNanos());
        }
        LockSupport.parkNanos(pause.toNanos());
      }
    }
  }

  private boolean report(String run, int version) {
    long start = System.nanoTime();
    try {
      HttpResponse<String> response = http.send(request(run, version), BodyHandlers.ofString());
      return isAcknowledged(response, key(run, version));
    } catch (IOException _) {
      broken.incrementAndGet();
      return false;
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return false;
    } finally {
      longest.accumulateAndGet(System.nanoTime() - start, Math::max);
    }
  }

  private boolean isAcknowledged(HttpResponse<String> response, String key) {
    if (response.statusCode() == 200 || response.statusCode() == 201) {
      acknowledged.put(key, System.nanoTime());
      return true;
    }
    boolean problem =
        response
            .headers()
            .firstValue("Content-Type")
            .filter(type -> type.startsWith("application/problem+json"))
            .isPresent();
    if (response.statusCode() == 503 && problem) {
      unavailable.incrementAndGet();
    } else if (wrong.size() < 20) {
      wrong.add(key + ": " + response.statusCode() + " " + response.body());
    }
    return false;
  }

  private HttpRequest request(String run, int version) {
    String server =
        target.servers().get(Math.floorMod(turn.getAndIncrement(), target.servers().size()));
    String runs = server + "/api/v1/stacks/" + target.stack() + "/runs";
    String json =
        version == 1
            ? "{\"id\":\"" + run + "\",\"branch\":\"main\",\"commit\":{\"hash\":\"0ee3f1c\"}}"
            : "{\"state\":\"" + STATES.get(version - 1) + "\",\"stateVersion\":" + version + "}";
    return HttpRequest.newBuilder(
            URI.create(version == 1 ? runs : runs + "/" + run + "/transitions"))
        .timeout(TIMEOUT)
        .header("Authorization", "Bearer " + target.token())
        .header("Content-Type", "application/json")
        .POST(BodyPublishers.ofString(json))
        .build();
  }
}
