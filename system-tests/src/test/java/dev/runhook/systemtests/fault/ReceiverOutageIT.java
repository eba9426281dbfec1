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

/// Receivers are down until a backlog has grown, and come back: they get it in order, and never
/// more at a time than is allowed.
@SuppressWarnings("NullAway.Init")
class ReceiverOutageIT {
  private static final String STACK = "outage";
  private static final int RECEIVERS = 3;
  private static final int BACKLOG = FaultSuite.choose(1_500, 50_000);
  private static final int PER_WEBHOOK = 8;
  private static final int IN_ALL = 20;
  private static final Duration WORK = Duration.ofMillis(5);

  private final FaultSuite faultSuite = FaultSuite.named("OutageIT");
  private final ConcurrencyGauge inAll = new ConcurrencyGauge();
  private final List<ConcurrencyGauge> each = new ArrayList<>();
  private final List<MeteredReceiver> receivers = new ArrayList<>();
  private final List<FaultProxy> ways = new ArrayList<>();
  private FaultFixture faultFixture;
  private RunhookProcess server;
  @TempDir private Path folder;

  @BeforeEach
  void open() throws IOException {
    faultFixture = FaultFixture.open(folder, settings());
    server = faultFixture.startServer();
    for (int i = 0; i < RECEIVERS; i++) {
      ConcurrencyGauge own = new ConcurrencyGauge();
      MeteredReceiver receiver = MeteredReceiver.processingFor(WORK, List.of(own, inAll));
      FaultProxy way = FaultProxy.forPort(receiver.port());
      each.add(own);
      receivers.add(receiver);
      ways.add(way);
      FaultFixture.createWebhook(server, STACK, MeteredReceiver.url(way.port()));
    }
  }

  @AfterEach
  void close() {
    faultFixture.close();
    ways.forEach(FaultProxy::close);
    receivers.forEach(MeteredReceiver::close);
  }

  @Test
  void a_backlog_drains_in_order_and_within_the_caps() throws IOException {
    ways.forEach(way -> way.setFault(new Fault.Reset()));
    List<String> runs = report();
    await().atMost(FaultSuite.timeout()).until(this::allArePaused);

    ways.forEach(way -> way.setFault(new Fault.None()));
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
        "%d deliveries behind %d paused webhooks: all probed well %s after the return, drained after %s; at most %d requests at a time of %d allowed, per webhook %s of %d; lost 0, order kept, %d duplicates"
            .formatted(
                deliveries,
                RECEIVERS,
                FaultSuite.formatSeconds(recovered),
                FaultSuite.formatSeconds(drained),
                inAll.max(),
                IN_ALL,
                each.stream().map(ConcurrencyGauge::max).toList(),
                PER_WEBHOOK,
                duplicates));
    assertThat(duplicates).isZero();
    assertThat(inAll.max()).isBetween(2, IN_ALL);
    assertThat(each)
        .allSatisfy(
            concurrencyGauge -> assertThat(concurrencyGauge.max()).isBetween(2, PER_WEBHOOK));
    assertThat(server.terminate()).as(server.allOutput()).isZero();
  }

  private static Map<String, String> settings() {
    Map<String, String> settings = new HashMap<>(FaultFixture.SETTINGS);
    settings.put("RUNHOOK_RETRY_SCHEDULE", "500ms,1s," + "2s,".repeat(400));
    settings.put("RUNHOOK_PAUSE_AFTER", "5");
    settings.put("RUNHOOK_MAX_IN_FLIGHT", Integer.toString(IN_ALL));
    settings.put("RUNHOOK_MAX_IN_FLIGHT_PER_WEBHOOK", Integer.toString(PER_WEBHOOK));
    return settings;
  }

  private List<String> report() {
    try (ContinuousLoad continuousLoad =
        ContinuousLoad.start(FaultFixture.loadTarget(STACK, List.of(server)), 4, Duration.ZERO)) {
      continuousLoad.awaitAcknowledged(BACKLOG / RECEIVERS);
      return continuousLoad.stop();
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
