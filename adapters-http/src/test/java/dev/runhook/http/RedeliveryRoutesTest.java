package dev.runhook.http;

import static dev.runhook.http.DeliveryScene.ENDPOINT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.runhook.domain.delivery.Outcome;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/// Delivering again what was delivered or given up.
class RedeliveryRoutesTest {
  @AutoClose private final DeliveryScene scene = new DeliveryScene();
  private final TestServer server = scene.server;

  @Test
  void a_delivery_can_be_made_once_more() {
    scene.run("r1");
    server.dispatch();
    String id = scene.newest();

    Reply again = server.post("/deliveries/" + id + "/redeliver", "").is(202);
    server.dispatch();

    String next = again.textAt("/id");
    assertThat(again.header("Location")).isEqualTo("/api/v1/deliveries/" + next);
    assertThat(again.textAt("/redeliveryOf")).isEqualTo(id);
    assertThat(again.textAt("/status")).isEqualTo("PENDING");
    Reply story = server.get("/deliveries/" + next).isOk();
    assertThat(story.textAt("/status")).isEqualTo("DELIVERED");
    assertThat(story.textAt("/request/headers/X-Runhook-Redelivery-Of")).isEqualTo(id);
    assertThat(server.transport.requests())
        .extracting(request -> request.payload().text())
        .containsExactly(story.textAt("/request/body"), story.textAt("/request/body"));
    server.post("/deliveries/" + id + "/redeliver", "{\"x\":1}").isBadInput("/x");
    server.post("/deliveries/x/redeliver", "").isProblem(404, "no-such-delivery");
  }

  @Test
  void nobody_repeats_what_is_out_of_reach() {
    String ping = scene.pingElsewhere().textAt("/id");

    for (String token : List.of(TestServer.LIMITED, TestServer.STRANGER)) {
      server
          .sendAs(token, "POST", "/deliveries/" + ping + "/redeliver", "")
          .isProblem(404, "no-such-delivery");
    }

    assertThat(server.get("/deliveries").at("/items")).hasSize(1);
  }

  @Test
  void what_failed_can_be_replayed_once_and_counted_before() {
    server.patch(scene.webhook, "{\"retrySchedule\":[]}").isOk();
    server.transport.usually(ENDPOINT, Outcome.Answered.of(500));
    scene.run("r1");
    scene.run("r2");
    server.dispatch();
    String from = "{\"from\":\"2026-03-14T00:00:00Z\"";

    Reply counted = server.post(scene.webhook + "/replays", from + ",\"dryRun\":true}").is(202);
    Reply done = server.post(scene.webhook + "/replays", from + "}").is(202);
    Reply again = server.post(scene.webhook + "/replays", from + "}").is(202);

    assertThat(counted.text()).isEqualTo("{\"matched\":2,\"created\":0}");
    assertThat(done.text()).isEqualTo("{\"matched\":2,\"created\":2}");
    assertThat(again.text()).isEqualTo("{\"matched\":2,\"created\":0}");
    assertThat(server.get(scene.webhook + "/deliveries?status=PENDING").at("/items")).hasSize(2);
    server.patch(scene.webhook, "{\"enabled\":false}").isOk();
    server.post(scene.webhook + "/replays", from + "}").isProblem(409, "webhook-is-disabled");
  }

  @Test
  void a_replay_tells_all_that_is_wrong_with_it() {
    String replays = scene.webhook + "/replays";
    String from = "{\"from\":\"2026-03-14T00:00:00Z\"";

    server.post(replays, "{}").isBadInput("/from");
    server
        .post(replays, from + ",\"status\":\"PENDING\",\"dryRun\":\"yes\",\"x\":1}")
        .isBadInput("/status", "/dryRun", "/x");
    server.post(replays, from + ",\"to\":\"2026-03-14T00:00:00Z\"}").isBadInput("");
    server
        .post("/stacks/demo/webhooks/00000000-0000-7000-8000-000000000000/replays", from + "}")
        .isProblem(404, "no-such-webhook");
  }
}
