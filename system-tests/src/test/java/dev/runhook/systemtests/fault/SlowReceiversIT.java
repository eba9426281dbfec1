package dev.runhook.systemtests.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.runhook.systemtests.fixture.ApiClient;
import dev.runhook.systemtests.fixture.FaultSuite;
import dev.runhook.systemtests.fixture.RunhookProcess;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Many receivers accept requests and never respond. Deliveries to a healthy receiver and to a new
/// one must not be delayed.
class SlowReceiversIT {
  private static final Duration PAUSE = Duration.ofMillis(20);
  private static final int WEBHOOKS_PER_STACK = 50;
  private static final int ENDPOINTS = FaultSuite.choose(300, 10_000);
  private static final int STACKS = ENDPOINTS / WEBHOOKS_PER_STACK;

  /// Webhooks whose last attempt was not delivered hold at most a third of the slots.
  private static final int MAX_OCCUPIED = Math.min(ENDPOINTS, 2048 / 3);

  private static final int TIMEOUT = FaultSuite.choose(2, 10);
  private static final Duration MEASURED_TIME = Duration.ofSeconds(FaultSuite.choose(6, 60));
  private static final Duration MAX_LATENCY = Duration.ofSeconds(5);

  private final FaultSuite faultSuite = FaultSuite.of("SlowReceiversIT");
  private final UnresponsiveReceiver unresponsive = new UnresponsiveReceiver();
  private final MeteredReceiver healthy = MeteredReceiver.accepting();
  private final MeteredReceiver newReceiver = MeteredReceiver.accepting();
  private final ExecutorService clients = Executors.newFixedThreadPool(8);
  @TempDir private Path folder;

  @AfterEach
  void close() {
    clients.shutdownNow();
    unresponsive.close();
    healthy.close();
    newReceiver.close();
  }

  @Test
  void unresponsive_receivers_do_not_delay_healthy_and_new_ones() throws Exception {
    try (FaultFixture fixture = FaultFixture.open(folder, settings())) {
      RunhookProcess server = fixture.startServer();
      FaultFixture.createWebhook(server, "healthy", healthy.url());
      try (ContinuousLoad load =
          ContinuousLoad.start(FaultFixture.loadTarget("healthy", List.of(server)), 2, PAUSE)) {
        forEachStack(stack -> addUnresponsive(FaultFixture.client(server), stack));
        forEachStack(
            stack -> FaultFixture.client(server).startRun(stack, "first").requireSuccess());
        await()
            .atMost(FaultSuite.timeout())
            .until(() -> unresponsive.maxOpenConnections() >= MAX_OCCUPIED * 9 / 10);
        long occupiedSince = System.nanoTime();

        startMoreRuns(server);
        long latencyOfNewReceiver = measureNewReceiver(server);
        List<String> runs = load.stop();
        long duplicates = FaultFixture.awaitAndVerify(healthy, runs);
        Map<String, Long> acknowledged = new HashMap<>(load.acknowledgedAt());
        acknowledged.values().removeIf(at -> at - occupiedSince < 0);
        Latencies latencies = Latencies.between(acknowledged, healthy.firstReceivedAt());

        faultSuite.report(
            "%d unresponsive receivers (at most %d connections), 1 healthy: %s; from 201 to receipt %s, to a new webhook %s; lost 0, %d duplicates"
                .formatted(
                    ENDPOINTS,
                    unresponsive.maxOpenConnections(),
                    load.summary(),
                    latencies,
                    FaultSuite.formatSeconds(latencyOfNewReceiver),
                    duplicates));
        assertThat(latencies.percentile(99)).isLessThan(MAX_LATENCY.toNanos());
        assertThat(latencyOfNewReceiver).isLessThan(MAX_LATENCY.toNanos());
      }
    }
  }

  private long measureNewReceiver(RunhookProcess server) throws IOException {
    FaultFixture.createWebhook(server, "new", newReceiver.url());
    long start = System.nanoTime();
    FaultFixture.client(server).startRun("new", "first").requireSuccess();
    await()
        .pollInterval(Duration.ofMillis(5))
        .atMost(FaultSuite.timeout())
        .until(() -> newReceiver.count() > 0);
    return System.nanoTime() - start;
  }

  private static Map<String, String> settings() {
    Map<String, String> settings = new HashMap<>(FaultFixture.SETTINGS);
    settings.put("RUNHOOK_TIMEOUT", TIMEOUT + "s");
    settings.put("RUNHOOK_RETRY_SCHEDULE", "1s" + ",1s".repeat(49));
    return settings;
  }

  private interface StackAction {
    void apply(String stack) throws IOException;
  }

  private void forEachStack(StackAction action) throws Exception {
    List<Future<Boolean>> all =
        IntStream.range(0, STACKS)
            .mapToObj(i ->
                clients.submit(() -> {
                  action.apply("slow-" + i);
                  return true;
                }))
            .toList();
    for (Future<Boolean> one : all) {
      one.get();
    }
  }

  private void addUnresponsive(ApiClient client, String stack) throws IOException {
    client.putStack(stack);
    for (int i = 0; i < WEBHOOKS_PER_STACK; i++) {
      client.createWebhook(
          stack,
          "http://127.0.0.1:" + unresponsive.port() + "/" + stack + "/" + i,
          MeteredReceiver.SECRET);
    }
  }

  /// Starts a run for the unresponsive receivers of one stack every 50 ms during the measurement.
  private static void startMoreRuns(RunhookProcess server) throws IOException {
    long end = System.nanoTime() + MEASURED_TIME.toNanos();
    for (int i = 0; System.nanoTime() - end < 0; i++) {
      FaultFixture.client(server).startRun("slow-" + i % STACKS, "more-" + i).requireSuccess();
      FaultSuite.letPass(Duration.ofMillis(50));
    }
  }
}
