package dev.runhook.systemtests.fault;

import dev.runhook.systemtests.fixture.ApiClient;
import dev.runhook.systemtests.fixture.FaultSuite;
import dev.runhook.systemtests.fixture.RetryingClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;

/// Callers that report runs until they are stopped. Each run goes through all states, and each
/// report is repeated until it is acknowledged. Thread-safe.
final class ContinuousLoad implements AutoCloseable {
  private final Target target;
  private final Duration pause;
  private final RetryingClient client = new RetryingClient();
  private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
  private final List<Future<?>> callers = new ArrayList<>();
  private final Queue<String> runs = new ConcurrentLinkedQueue<>();
  private final Map<String, Long> acknowledgedAt = new ConcurrentHashMap<>();
  private volatile boolean stopping;

  record Target(List<ApiClient> servers, String stack) {
    Target {
      servers = List.copyOf(servers);
    }
  }

  private ContinuousLoad(Target target, Duration pause) {
    this.target = target;
    this.pause = pause;
    client.useServers(target.servers());
  }

  /// Starts the callers.
  ///
  /// @param pause the pause of each caller after each report
  static ContinuousLoad start(Target target, int callers, Duration pause) {
    ContinuousLoad load = new ContinuousLoad(target, pause);
    for (int i = 0; i < callers; i++) {
      int caller = i;
      load.callers.add(load.executor.submit(() -> load.report(caller)));
    }
    return load;
  }

  static String transitionKey(String run, int version) {
    return run + " v" + version;
  }

  /// The number of 503 responses so far.
  int unavailableResponses() {
    return client.unavailableResponses();
  }

  /// The time at which each report was acknowledged, by [#transitionKey].
  ///
  /// @return values of `nanoTime`
  Map<String, Long> acknowledgedAt() {
    return Map.copyOf(acknowledgedAt);
  }

  /// The longest attempt to report, in nanoseconds.
  long longestCall() {
    return client.longestCall();
  }

  /// Waits until the given number of further reports is acknowledged.
  void awaitAcknowledged(int more) {
    client.awaitAcknowledged(client.acknowledged() + more);
  }

  /// Lets the callers finish their runs and returns all runs. Fails if a server responded with
  /// anything other than an acknowledgement or a 503.
  List<String> stop() {
    stopping = true;
    try {
      for (Future<?> caller : callers) {
        caller.get(FaultSuite.timeout().toSeconds(), TimeUnit.SECONDS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    } catch (ExecutionException | TimeoutException e) {
      throw new AssertionError(e);
    }
    return List.copyOf(runs);
  }

  String summary() {
    return "%d acknowledged, %d responses with 503, %d failed calls, longest call %s"
        .formatted(
            client.acknowledged(),
            client.unavailableResponses(),
            client.failedCalls(),
            FaultSuite.formatSeconds(client.longestCall()));
  }

  @Override
  public void close() {
    stopping = true;
    executor.shutdownNow();
  }

  private void report(int caller) {
    for (int i = 0; !stopping; i++) {
      String run = "run-" + caller + "-" + i;
      runs.add(run);
      for (int version = 1; version <= ApiClient.STATES.size(); version++) {
        report(run, version);
        LockSupport.parkNanos(pause.toNanos());
      }
    }
  }

  private void report(String run, int version) {
    client.callUntilAcknowledged(server -> server.recordVersion(target.stack(), run, version));
    acknowledgedAt.put(transitionKey(run, version), System.nanoTime());
  }
}
