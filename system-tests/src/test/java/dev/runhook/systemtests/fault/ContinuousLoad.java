package dev.runhook.systemtests.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.runhook.systemtests.fixture.ApiClient;
import dev.runhook.systemtests.fixture.ApiClient.Response;
import dev.runhook.systemtests.fixture.FaultSuite;
import java.io.IOException;
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
final class ContinuousLoad implements AutoCloseable {
  private static final Duration BETWEEN_TRIES = Duration.ofMillis(50);

  private final Target target;
  private final Duration pause;
  private final List<Thread> callers = new ArrayList<>();
  private final Queue<String> runs = new ConcurrentLinkedQueue<>();
  private final Map<String, Long> acknowledged = new ConcurrentHashMap<>();
  private final Queue<String> wrong = new ConcurrentLinkedQueue<>();
  private final AtomicInteger unavailableResponses = new AtomicInteger();
  private final AtomicInteger broken = new AtomicInteger();
  private final AtomicLong longest = new AtomicLong();
  private final AtomicInteger turn = new AtomicInteger();
  private volatile boolean stopping;

  record Target(List<ApiClient> servers, String stack) {
    Target {
      servers = List.copyOf(servers);
    }
  }

  private ContinuousLoad(Target target, Duration pause) {
    this.target = target;
    this.pause = pause;
  }

  /// @param pause of each caller between two reports
  static ContinuousLoad start(Target target, int callers, Duration pause) {
    ContinuousLoad continuousLoad = new ContinuousLoad(target, pause);
    for (int i = 0; i < callers; i++) {
      int caller = i;
      continuousLoad.callers.add(Thread.ofVirtual().start(() -> continuousLoad.call(caller)));
    }
    return continuousLoad;
  }

  static String transitionKey(String run, int version) {
    return run + " v" + version;
  }

  int acknowledged() {
    return acknowledged.size();
  }

  /// How often a server said that it cannot now.
  int unavailableResponses() {
    return unavailableResponses.get();
  }

  /// When each report was acknowledged, in nanoseconds, by [#transitionKey].
  Map<String, Long> acknowledgedAt() {
    return Map.copyOf(acknowledged);
  }

  long longestCall() {
    return longest.get();
  }

  /// Waits until so many more are acknowledged than now; how long that took.
  long awaitAcknowledged(int more) {
    long start = System.nanoTime();
    int wanted = acknowledged() + more;
    await()
        .pollInterval(Duration.ofMillis(5))
        .atMost(FaultSuite.timeout())
        .until(() -> acknowledged() >= wanted);
    return System.nanoTime() - start;
  }

  /// Lets the callers end their runs, and says which runs there were.
  List<String> stop() {
    stopping = true;
    await().atMost(FaultSuite.timeout()).until(() -> callers.stream().noneMatch(Thread::isAlive));
    assertThat(wrong).as("answers that are neither an acknowledgement nor a 503").isEmpty();
    return List.copyOf(runs);
  }

  String summary() {
    return "%d acknowledged, %d answers 503, %d calls broken, longest call %s"
        .formatted(
            acknowledged(),
            unavailableResponses.get(),
            broken.get(),
            FaultSuite.formatSeconds(longest.get()));
  }

  @Override
  public void close() {
    stopping = true;
    callers.forEach(Thread::interrupt);
  }

  private void call(int caller) {
    for (int i = 0; !stopping; i++) {
      String run = "run-" + caller + "-" + i;
      runs.add(run);
      for (int version = 1; version <= ApiClient.STATES.size(); version++) {
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
      ApiClient server =
          target.servers().get(Math.floorMod(turn.getAndIncrement(), target.servers().size()));
      return isAcknowledged(
          server.recordVersion(target.stack(), run, version), transitionKey(run, version));
    } catch (IOException _) {
      broken.incrementAndGet();
      return false;
    } finally {
      longest.accumulateAndGet(System.nanoTime() - start, Math::max);
    }
  }

  private boolean isAcknowledged(Response response, String key) {
    if (response.isAcknowledged()) {
      acknowledged.put(key, System.nanoTime());
      return true;
    }
    if (response.isUnavailable()) {
      unavailableResponses.incrementAndGet();
    } else if (wrong.size() < 20) {
      wrong.add(key + ": " + response);
    }
    return false;
  }
}
