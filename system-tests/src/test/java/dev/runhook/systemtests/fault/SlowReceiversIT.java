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

/// A crowd of receivers that take requests and never answer, one that is well and one that is new:
/// these must not notice them.
class SlowReceiversIT {
  private static final Duration PAUSE = Duration.ofMillis(20);
  private static final int WEBHOOKS_PER_STACK = 50;
  private static final int ENDPOINTS = FaultSuite.choose(300, 10_000);
  private static final int STACKS = ENDPOINTS / WEBHOOKS_PER_STACK;

  /// Three quarters of the usual places are all that a crowd can take which is new, and a half once
  /// it has failed.
  private static final int MOST_OF_CROWD = Math.min(ENDPOINTS, 768);

  private static final int TIMEOUT = FaultSuite.choose(2, 10);
  private static final Duration MEASURED = Duration.ofSeconds(FaultSuite.choose(6, 60));
  private static final Duration TOLERABLE = Duration.ofSeconds(5);

  private final FaultSuite faultSuite = FaultSuite.named("HangingCrowdIT");
  private final UnresponsiveReceiver silent = new UnresponsiveReceiver();
  private final MeteredReceiver healthy = MeteredReceiver.accepting();
  private final MeteredReceiver newcomer = MeteredReceiver.accepting();
  private final ExecutorService clients = Executors.newFixedThreadPool(8);
  @TempDir private Path folder;

  @AfterEach
  void close() {
    clients.shutdownNow();
    silent.close();
    healthy.close();
    newcomer.close();
  }

  @Test
  void a_healthy_receiver_and_a_new_one_do_not_notice_a_crowd_that_hangs() throws Exception {
    try (FaultFixture faultFixture = FaultFixture.open(folder, settings())) {
      RunhookProcess server = faultFixture.startServer();
      FaultFixture.createWebhook(server, "healthy", healthy.url());
      try (ContinuousLoad continuousLoad =
          ContinuousLoad.start(FaultFixture.loadTarget("healthy", List.of(server)), 2, PAUSE)) {
        forEachStack(stack -> gather(FaultFixture.client(server), stack));
        forEachStack(
            stack -> FaultFixture.client(server).startRun(stack, "first").requireSuccess());
        await()
            .atMost(FaultSuite.timeout())
            .until(() -> silent.maxOpenConnections() >= MOST_OF_CROWD * 9 / 10);
        long crowded = System.nanoTime();

        keepMoving(server);
        long untilNewcomer = firstDeliveryToNewcomer(server);
        List<String> runs = continuousLoad.stop();
        long duplicates = FaultFixture.awaitAndVerify(healthy, runs);
        Map<String, Long> acknowledged = new HashMap<>(continuousLoad.acknowledgedAt());
        acknowledged.values().removeIf(at -> at - crowded < 0);
        Latencies latencies = Latencies.between(acknowledged, healthy.firstReceivedAt());

        faultSuite.report(
            "%d endpoints hang (%d connections at a time), 1 is well: %s; from 201 to receipt %s, to a new webhook %s; lost 0, %d duplicates"
                .formatted(
                    ENDPOINTS,
                    silent.maxOpenConnections(),
                    continuousLoad.summary(),
                    latencies,
                    FaultSuite.formatSeconds(untilNewcomer),
                    duplicates));
        assertThat(latencies.percentile(99)).isLessThan(TOLERABLE.toNanos());
        assertThat(untilNewcomer).isLessThan(TOLERABLE.toNanos());
      }
    }
  }

  private long firstDeliveryToNewcomer(RunhookProcess server) throws IOException {
    FaultFixture.createWebhook(server, "newcomer", newcomer.url());
    long start = System.nanoTime();
    FaultFixture.client(server).startRun("newcomer", "first").requireSuccess();
    await()
        .pollInterval(Duration.ofMillis(5))
        .atMost(FaultSuite.timeout())
        .until(() -> newcomer.count() > 0);
    return System.nanoTime() - start;
  }

  private static Map<String, String> settings() {
    Map<String, String> settings = new HashMap<>(FaultFixture.SETTINGS);
    settings.put("RUNHOOK_TIMEOUT", TIMEOUT + "s");
    settings.put("RUNHOOK_RETRY_SCHEDULE", "1s,".repeat(50));
    return settings;
  }

  private interface Work {
    void on(String stack) throws IOException;
  }

  private void forEachStack(Work work) throws Exception {
    List<Future<Boolean>> all =
        IntStream.range(0, STACKS)
            .mapToObj(i ->
                clients.submit(() -> {
                  work.on("crowd-" + i);
                  return true;
                }))
            .toList();
    for (Future<Boolean> one : all) {
      one.get();
    }
  }

  private void gather(ApiClient client, String stack) throws IOException {
    client.putStack(stack);
    for (int i = 0; i < WEBHOOKS_PER_STACK; i++) {
      client.createWebhook(
          stack,
          "http://127.0.0.1:" + silent.port() + "/" + stack + "/" + i,
          MeteredReceiver.SECRET);
    }
  }

  /// Runs of the crowd go on starting while it is measured, a stack every 50 ms.
  private static void keepMoving(RunhookProcess server) throws IOException {
    long end = System.nanoTime() + MEASURED.toNanos();
    for (int i = 0; System.nanoTime() - end < 0; i++) {
      FaultFixture.client(server).startRun("crowd-" + i % STACKS, "more-" + i).requireSuccess();
      FaultSuite.letPass(Duration.ofMillis(50));
    }
  }
}
