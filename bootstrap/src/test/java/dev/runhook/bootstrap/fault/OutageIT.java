package dev.runhook.bootstrap.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.runhook.bootstrap.process.ApiClient;
import dev.runhook.bootstrap.process.RunhookProcess;
import dev.runhook.bootstrap.process.Suite;
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
class OutageIT {
  private static final String STACK = "outage";
  private static final int RECEIVERS = 3;
  private static final int BACKLOG = Suite.choose(1_500, 50_000);
  private static final int PER_WEBHOOK = 8;
  private static final int IN_ALL = 20;
  private static final Duration WORK = Duration.ofMillis(5);

  private final Suite suite = Suite.named("OutageIT");
  private final Meter inAll = new Meter();
  private final List<Meter> each = new ArrayList<>();
  private final List<BusyReceiver> receivers = new ArrayList<>();
  private final List<FaultProxy> ways = new ArrayList<>();
  private Site site;
  private RunhookProcess server;
  @TempDir private Path folder;

  @BeforeEach
  void open() throws IOException {
    site = Site.open(folder, settings());
    server = site.serve();
    for (int i = 0; i < RECEIVERS; i++) {
      Meter own = new Meter();
      BusyReceiver receiver = BusyReceiver.working(WORK, List.of(own, inAll));
      FaultProxy way = FaultProxy.to(receiver.port());
      each.add(own);
      receivers.add(receiver);
      ways.add(way);
      Site.attach(server, STACK, BusyReceiver.url(way.port()));
    }
  }

  @AfterEach
  void close() {
    site.close();
    ways.forEach(FaultProxy::close);
    receivers.forEach(BusyReceiver::close);
  }

  @Test
  void a_backlog_drains_in_order_and_within_the_caps() throws IOException {
    ways.forEach(way -> way.become(new Fault.Reset()));
    List<String> runs = report();
    await().atMost(Suite.patience()).until(this::allArePaused);

    ways.forEach(way -> way.become(new Fault.None()));
    long back = System.nanoTime();
    await().atMost(Suite.patience()).until(() -> receivers.stream().allMatch(r -> r.count() > 0));
    long recovered = System.nanoTime() - back;
    long duplicates = 0;
    for (BusyReceiver receiver : receivers) {
      duplicates += Site.review(receiver, runs);
    }
    long drained = System.nanoTime() - back;

    int deliveries = runs.size() * ApiClient.STATES.size() * RECEIVERS;
    suite.say(
        "%d deliveries behind %d paused webhooks: all probed well %s after the return, drained after %s; at most %d requests at a time of %d allowed, per webhook %s of %d; lost 0, order kept, %d duplicates"
            .formatted(
                deliveries,
                RECEIVERS,
                Suite.seconds(recovered),
                Suite.seconds(drained),
                inAll.most(),
                IN_ALL,
                each.stream().map(Meter::most).toList(),
                PER_WEBHOOK,
                duplicates));
    assertThat(duplicates).isZero();
    assertThat(inAll.most()).isBetween(2, IN_ALL);
    assertThat(each).allSatisfy(meter -> assertThat(meter.most()).isBetween(2, PER_WEBHOOK));
    assertThat(server.terminate()).as(server.everything()).isZero();
  }

  private static Map<String, String> settings() {
    Map<String, String> settings = new HashMap<>(Site.SETTINGS);
    settings.put("RUNHOOK_RETRY_SCHEDULE", "500ms,1s," + "2s,".repeat(400));
    settings.put("RUNHOOK_PAUSE_AFTER", "5");
    settings.put("RUNHOOK_MAX_IN_FLIGHT", Integer.toString(IN_ALL));
    settings.put("RUNHOOK_MAX_IN_FLIGHT_PER_WEBHOOK", Integer.toString(PER_WEBHOOK));
    return settings;
  }

  private List<String> report() {
    try (Load load = Load.on(Site.target(STACK, List.of(server)), 4, Duration.ZERO)) {
      load.awaitMore(BACKLOG / RECEIVERS);
      return load.stop();
    }
  }

  private boolean allArePaused() throws IOException {
    JsonNode webhooks =
        Site.client(server).get("/stacks/" + STACK + "/webhooks").expectingSuccess().json();
    List<String> states = new ArrayList<>();
    webhooks.path("items").forEach(w -> states.add(w.path("status").path("state").asText()));
    return states.size() == RECEIVERS && states.stream().allMatch("PAUSED"::equals);
  }
}
