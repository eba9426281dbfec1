package dev.runhook.systemtests.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.runhook.systemtests.fixture.ApiClient;
import dev.runhook.systemtests.fixture.FaultSuite;
import dev.runhook.systemtests.fixture.RunhookProcess;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Receivers are down while a backlog grows. When they are available again, they get the backlog in
/// order and within the concurrency limits.
@SuppressWarnings("NullAway.Init")
class ReceiverOutageIT {
  private static final String STACK = "outage";
  private static final int RECEIVERS = 3;
  private static final int BACKLOG = FaultSuite.choose(600, 50_000);
  private static final int MAX_PER_WEBHOOK = 8;
  private static final int MAX_TOTAL = 20;
  private static final Duration PROCESSING_TIME = Duration.ofMillis(5);

  private final FaultSuite faultSuite = FaultSuite.of("ReceiverOutageIT");
  private final ConcurrencyGauge total = new ConcurrencyGauge();
  private final List<ConcurrencyGauge> perWebhook = new ArrayList<>();
  private final List<MeteredReceiver> receivers = new ArrayList<>();
  private final List<FaultProxy> proxies = new ArrayList<>();
  private FaultFixture fixture;
  private RunhookProcess server;
  @TempDir private Path folder;

  @BeforeEach
  void open() throws IOException {
    fixture = FaultFixture.open(folder, settings());
    server = fixture.startServer();
    for (int i = 0; i < RECEIVERS; i++) {
      ConcurrencyGauge own = new ConcurrencyGauge();
      MeteredReceiver receiver =
          MeteredReceiver.processingFor(PROCESSING_TIME, List.of(own, total));
      FaultProxy proxy = FaultProxy.forPort(receiver.port());
      perWebhook.add(own);
      receivers.add(receiver);
      proxies.add(proxy);
      FaultFixture.createWebhook(server, STACK, MeteredReceiver.url(proxy.port()));
    }
  }

  @AfterEach
  void close() {
    fixture.close();
    proxies.forEach(FaultProxy::close);
    receivers.forEach(MeteredReceiver::close);
  }

  @Test
  void a_backlog_drains_in_order_and_within_the_limits() throws IOException {
    proxies.forEach(proxy -> proxy.setFault(new Fault.Reset()));
    List<String> runs = report();
    await().atMost(FaultSuite.timeout()).until(this::allArePaused);

    proxies.forEach(proxy -> proxy.setFault(new Fault.None()));
    long back = System.nanoTime();
    await()
        .atMost(FaultSuite.timeout())
        .until(() -> receivers.stream().allMatch(r -> r.count() > 0));
    long recovered = System.nanoTime() - back;
    long duplicates = 0;
    for (MeteredReceiver receiver : receivers) {
      duplicates += FaultFixture.awaitAndVerify(receiver, runs);
    }
    long drained = System.nanoTime() - back;

    int deliveries = runs.size() * ApiClient.STATES.size() * RECEIVERS;
    faultSuite.report(
        "%d deliveries for %d paused webhooks: all probes succeeded after %s, drained after %s; at most %d of %d concurrent requests, per webhook %s of %d; lost 0, in order, %d duplicates"
            .formatted(
                deliveries,
                RECEIVERS,
                FaultSuite.formatSeconds(recovered),
                FaultSuite.formatSeconds(drained),
                total.max(),
                MAX_TOTAL,
                perWebhook.stream().map(ConcurrencyGauge::max).toList(),
                MAX_PER_WEBHOOK,
                duplicates));
    assertThat(duplicates).isZero();
    assertThat(total.max()).isBetween(2, MAX_TOTAL);
    assertThat(perWebhook)
        .allSatisfy(gauge -> assertThat(gauge.max()).isBetween(2, MAX_PER_WEBHOOK));
    assertThat(server.terminate()).as(server.allOutput()).isZero();
  }

  private static Map<String, String> settings() {
    Map<String, String> settings = new HashMap<>(FaultFixture.SETTINGS);
    settings.put("RUNHOOK_RETRY_SCHEDULE", "500ms,1s" + ",2s".repeat(400));
    settings.put("RUNHOOK_PAUSE_AFTER", "5");
    settings.put("RUNHOOK_MAX_IN_FLIGHT", Integer.toString(MAX_TOTAL));
    settings.put("RUNHOOK_MAX_IN_FLIGHT_PER_WEBHOOK", Integer.toString(MAX_PER_WEBHOOK));
    return settings;
  }

  private List<String> report() {
    try (ContinuousLoad load =
        ContinuousLoad.start(FaultFixture.loadTarget(STACK, List.of(server)), 4, Duration.ZERO)) {
      load.awaitAcknowledged(BACKLOG / RECEIVERS);
      return load.stop();
    }
  }

  private boolean allArePaused() throws IOException {
    JsonNode webhooks =
        FaultFixture.client(server).get("/stacks/" + STACK + "/webhooks").requireSuccess().json();
    List<String> states = new ArrayList<>();
    webhooks.path("items").forEach(w -> states.add(w.path("status").path("state").asText()));
    return states.size() == RECEIVERS && states.stream().allMatch("PAUSED"::equals);
  }
}
