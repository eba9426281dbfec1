package dev.runhook.http.delivery;

import static dev.runhook.http.server.DeliveryFixture.ENDPOINT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.runhook.domain.delivery.Outcome;
import dev.runhook.http.server.DeliveryFixture;
import dev.runhook.http.server.TestResponse;
import dev.runhook.http.server.TestServer;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Redelivery and replay of finished deliveries.
@Tag("four-buckets")
class RedeliveryRoutesTest {
  @AutoClose private final DeliveryFixture fixture = new DeliveryFixture();
  private final TestServer server = fixture.server;

  @Test
  void a_delivery_can_be_redelivered() {
    fixture.startRun("r1");
    server.dispatch();
    String id = fixture.newestDelivery();

    TestResponse again = server.post("/deliveries/" + id + "/redeliver", "").is(202);
    server.dispatch();

    String next = again.textAt("/id");
    assertThat(again.header("Location")).isEqualTo("/api/v1/deliveries/" + next);
    assertThat(again.textAt("/redeliveryOf")).isEqualTo(id);
    assertThat(again.textAt("/status")).isEqualTo("PENDING");
    TestResponse details = server.get("/deliveries/" + next).isOk();
    assertThat(details.textAt("/status")).isEqualTo("DELIVERED");
    assertThat(details.textAt("/request/headers/X-Runhook-Redelivery-Of")).isEqualTo(id);
    assertThat(server.transport.requests())
        .extracting(request -> request.payload().text())
        .containsExactly(details.textAt("/request/body"), details.textAt("/request/body"));
    assertThat(server.get("/deliveries?redelivered=true").isOk().texts("/items", "id"))
        .containsExactly(id);
    assertThat(server.get("/deliveries?redelivered=false").isOk().texts("/items", "id"))
        .containsExactly(next);
    server.post("/deliveries/" + id + "/redeliver", "{\"x\":1}").isValidationError("/x");
    server.post("/deliveries/x/redeliver", "").isProblem(404, "no-such-delivery");
  }

  @Test
  void an_invisible_delivery_cannot_be_redelivered() {
    String ping = fixture.pingOtherStack().textAt("/id");

    for (String token : List.of(TestServer.STACK_ADMIN, TestServer.OTHER_ACCOUNT)) {
      server
          .sendAs(token, "POST", "/deliveries/" + ping + "/redeliver", "")
          .isProblem(404, "no-such-delivery");
    }

    assertThat(server.get("/deliveries").at("/items")).hasSize(1);
  }

  @Test
  void a_replay_has_its_own_address_and_shows_its_progress() {
    fixture.startRun("r1");
    fixture.startRun("r2");
    server.dispatch();
    server.patch(fixture.webhook, "{\"retrySchedule\":[]}").isOk();
    String replays = fixture.webhook + "/replays";

    TestResponse started =
        server
            .post(replays, "{\"from\":\"2026-03-14T00:00:00Z\",\"status\":\"DELIVERED\"}")
            .is(202);
    String path = replays + "/" + started.textAt("/id");
    server.transport.enqueue(ENDPOINT, Outcome.Responded.of(500));
    server.dispatch();
    TestResponse ended = server.get(path).isOk();

    assertThat(started.header("Location")).isEqualTo("/api/v1" + path);
    assertThat(started.text())
        .contains("\"created\":2,\"delivered\":0,\"failed\":0,\"pending\":2,");
    assertThat(ended.text()).contains("\"created\":2,\"delivered\":1,\"failed\":1,\"pending\":0,");
    assertThat(server.get(replays).isOk().at("/items/0")).isEqualTo(ended.json());
    server.get(replays + "/" + fixture.newestDelivery()).isProblem(404, "no-such-replay");
    server.getAs(TestServer.OTHER_ACCOUNT, path).isProblem(404, "no-such-stack");
  }

  @Test
  void a_replay_of_the_account_is_one_of_each_webhook_and_can_be_canceled() {
    fixture.pingOtherStack();
    fixture.startRun("r1");
    fixture.startRun("r2");
    server.dispatch();
    String from = "{\"from\":\"2026-03-14T00:00:00Z\",\"status\":\"DELIVERED\"";

    TestResponse counted = server.post("/replays", from + ",\"dryRun\":true}").isOk();
    TestResponse ofStack =
        server.post("/replays", from + ",\"stack\":\"net\",\"dryRun\":true}").isOk();
    server
        .post("/replays", from + ",\"expected\":1}")
        .isProblem(409, "replay-larger-than-expected");
    TestResponse started = server.post("/replays", from + ",\"expected\":3}").is(202);
    String path = "/replays/" + started.textAt("/id");
    TestResponse canceled = server.post(path + "/cancel", "").isOk();
    server.dispatch();

    assertThat(counted.at("/toCreate").asInt()).isEqualTo(3);
    assertThat(ofStack.at("/toCreate").asInt()).isEqualTo(1);
    assertThat(started.header("Location")).isEqualTo("/api/v1" + path);
    assertThat(started.text())
        .contains("\"webhooks\":2,\"matched\":3,\"erased\":0,\"created\":3,\"delivered\":0,");
    assertThat(started.at("/completedAt").isNull()).isFalse();
    assertThat(canceled.text()).contains("\"delivered\":0,\"failed\":3,\"pending\":0,");
    assertThat(canceled.at("/canceledAt").isNull()).isFalse();
    assertThat(server.get(path).isOk().json()).isEqualTo(canceled.json());
    assertThat(server.getAs(TestServer.STACK_ADMIN, path).isOk().at("/webhooks").asInt())
        .isEqualTo(1);
    server.getAs(TestServer.OTHER_ACCOUNT, path).isProblem(404, "no-such-replay");
    server
        .post("/replays", "{\"from\":\"2026-03-14T00:00:00Z\",\"status\":\"SKIPPED\"}")
        .isValidationError("/status");
  }

  @Test
  void a_canceled_replay_of_the_account_creates_no_more_deliveries() {
    fixture.startRun("r1");
    server.dispatch();
    String body = "{\"from\":\"2026-03-14T00:00:00Z\",\"status\":\"DELIVERED\"}";
    String replay = server.post("/replays", body).is(202).textAt("/id");

    server.post("/replays/" + replay + "/cancel", "").isOk();

    assertThat(server.get(fixture.webhook + "/replays").isOk().at("/items/0/canceledAt").isNull())
        .isFalse();
    // what was canceled has another status since, and is not replayed as delivered
    assertThat(server.post("/replays", body).is(202).at("/created").asInt()).isZero();
    assertThat(server.post("/replays", body.replace("DELIVERED", "CANCELED")).is(202).text())
        .contains("\"created\":1,");
  }

  @Test
  void failed_deliveries_can_be_counted_and_replayed_once() {
    server.patch(fixture.webhook, "{\"retrySchedule\":[]}").isOk();
    server.transport.respondByDefault(ENDPOINT, Outcome.Responded.of(500));
    fixture.startRun("r1");
    fixture.startRun("r2");
    server.dispatch();
    String from = "{\"from\":\"2026-03-14T00:00:00Z\"";

    TestResponse counted =
        server.post(fixture.webhook + "/replays", from + ",\"dryRun\":true}").isOk();
    TestResponse done = server.post(fixture.webhook + "/replays", from + "}").is(202);
    TestResponse again = server.post(fixture.webhook + "/replays", from + "}").is(202);
    TestResponse nothing =
        server.post(fixture.webhook + "/replays", from + ",\"dryRun\":true}").isOk();

    assertThat(counted.text())
        .isEqualTo("{\"dryRun\":true,\"matched\":2,\"erased\":0,\"toCreate\":2}");
    assertThat(nothing.text())
        .isEqualTo("{\"dryRun\":true,\"matched\":2,\"erased\":0,\"toCreate\":0}");
    assertThat(done.text()).contains("\"matched\":2,\"erased\":0,\"created\":2,\"delivered\":0,");
    assertThat(again.text()).contains("\"matched\":2,\"erased\":0,\"created\":0,\"delivered\":0,");
    assertThat(server.get(fixture.webhook + "/deliveries?status=PENDING").at("/items")).hasSize(2);
    server.patch(fixture.webhook, "{\"enabled\":false}").isOk();
    server.post(fixture.webhook + "/replays", from + "}").isProblem(409, "webhook-disabled");
  }

  @Test
  void a_replay_that_has_grown_since_its_preview_is_refused() {
    server.patch(fixture.webhook, "{\"retrySchedule\":[]}").isOk();
    server.transport.respondByDefault(ENDPOINT, Outcome.Responded.of(500));
    fixture.startRun("r1");
    fixture.startRun("r2");
    server.dispatch();
    String replays = fixture.webhook + "/replays";
    String expecting = "{\"from\":\"2026-03-14T00:00:00Z\",\"expected\":";

    server.post(replays, expecting + "1}").isProblem(409, "replay-larger-than-expected");
    assertThat(server.get(replays).isOk().at("/items")).isEmpty();
    server.post(replays, expecting + "-1}").isValidationError("/expected");
    server.post(replays, expecting + "1,\"dryRun\":true}").isOk();

    TestResponse done = server.post(replays, expecting + "2}").is(202);
    assertThat(done.at("/created").asInt()).isEqualTo(2);
    server.post(replays, expecting + "0}").is(202); // both are on their way
  }

  @Test
  void skipped_events_of_a_run_and_a_state_are_delivered_late() {
    server.patch(fixture.webhook, "{\"states\":[\"FAILED\"]}").isOk();
    fixture.startRun("r1");
    fixture.startRun("r2");
    server.dispatch();
    String replays = fixture.webhook + "/replays";
    String skipped = "{\"run\":\"r1\",\"state\":\"QUEUED\",\"status\":\"SKIPPED\"";

    TestResponse counted = server.post(replays, skipped + ",\"dryRun\":true}").isOk();
    TestResponse done = server.post(replays, skipped + "}").is(202);
    TestResponse again = server.post(replays, skipped + "}").is(202);
    server.dispatch();

    assertThat(counted.text())
        .isEqualTo("{\"dryRun\":true,\"matched\":1,\"erased\":0,\"toCreate\":1}");
    assertThat(done.text())
        .contains(
            "\"to\":null,\"status\":\"SKIPPED\",\"run\":\"r1\",\"state\":\"QUEUED\",\"matched\":1,"
                + "\"erased\":0,\"created\":1,");
    assertThat(again.text()).contains("\"matched\":0,");
    assertThat(server.transport.requests()).hasSize(1);
    assertThat(server.get("/deliveries/" + fixture.newestDelivery()).isOk().text())
        .contains("\"run\":\"r1\"", "\"status\":\"DELIVERED\"", "\"redeliveryOf\":null");
  }

  @Test
  void failures_since_the_last_success_are_replayed() {
    server.patch(fixture.webhook, "{\"retrySchedule\":[]}").isOk();
    server.transport.respondByDefault(ENDPOINT, Outcome.Responded.of(500));
    fixture.startRun("r1");
    server.dispatch();

    TestResponse done =
        server.post(fixture.webhook + "/replays", "{\"sinceLastSuccess\":true}").is(202);

    assertThat(done.at("/created").asInt()).isEqualTo(1);
    assertThat(done.textAt("/from")).isEqualTo(server.get(fixture.webhook).textAt("/createdAt"));
  }

  @Test
  void a_replay_reports_all_of_its_errors() {
    String replays = fixture.webhook + "/replays";
    String from = "{\"from\":\"2026-03-14T00:00:00Z\"";

    server.post(replays, "{}").isValidationError("");
    server.post(replays, from + ",\"sinceLastSuccess\":true}").isValidationError("");
    server
        .post(replays, from + ",\"run\":\"a b\",\"state\":\"DONE\",\"sinceLastSuccess\":null}")
        .isValidationError("/run", "/state", "/sinceLastSuccess");
    server.post(replays, "{\"run\":\"none\"}").isProblem(404, "no-such-run");
    server
        .post(replays, from + ",\"status\":\"PENDING\",\"dryRun\":\"yes\",\"x\":1}")
        .isValidationError("/status", "/dryRun", "/x");
    server.post(replays, from + ",\"to\":\"2026-03-14T00:00:00Z\"}").isValidationError("");
    server
        .post("/stacks/demo/webhooks/00000000-0000-7000-8000-000000000000/replays", from + "}")
        .isProblem(404, "no-such-webhook");
  }
}
