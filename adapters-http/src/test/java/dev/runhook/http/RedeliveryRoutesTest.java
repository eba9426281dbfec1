package dev.runhook.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runhook.domain.delivery.Outcome;
import dev.runhook.domain.webhook.Endpoint;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Delivering again what was delivered or given up.
class RedeliveryRoutesTest {
  private static final Endpoint ENDPOINT = Endpoint.stored("https://hooks.example.com/in");

  private final TestServer server = new TestServer().withDemo();
  private String webhook = "";

  @BeforeEach
  void attach() {
    Reply created =
        server.post("/stacks/demo/webhooks", "{\"endpoint\":\"" + ENDPOINT.text() + "\"}");
    webhook = "/stacks/demo/webhooks/" + created.is(201).textAt("/id");
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private void run(String id) {
    server
        .post(
            "/stacks/demo/runs",
            "{\"id\":\"" + id + "\",\"branch\":\"main\",\"commit\":{\"hash\":\"h\"}}")
        .is(201);
  }

  @Test
  void a_delivery_can_be_made_once_more() {
    run("r1");
    server.dispatch();
    String id = server.get(webhook + "/deliveries").textAt("/items/0/id");

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
    server.put("/stacks/net", "{\"name\":\"Net\"}").is(201);
    String other =
        server
            .post("/stacks/net/webhooks", "{\"endpoint\":\"https://example.com\"}")
            .is(201)
            .textAt("/id");
    String ping = server.post("/stacks/net/webhooks/" + other + "/ping", "").is(202).textAt("/id");

    for (String token : List.of(TestServer.LIMITED, TestServer.STRANGER)) {
      server
          .sendAs(token, "POST", "/deliveries/" + ping + "/redeliver", "")
          .isProblem(404, "no-such-delivery");
    }

    assertThat(server.get("/deliveries").at("/items")).hasSize(1);
  }

  @Test
  void what_failed_can_be_replayed_once_and_counted_before() {
    server.patch(webhook, "{\"retrySchedule\":[]}").isOk();
    server.transport.usually(ENDPOINT, Outcome.Answered.of(500));
    run("r1");
    run("r2");
    server.dispatch();
    String from = "{\"from\":\"2026-03-14T00:00:00Z\"";

    Reply counted = server.post(webhook + "/replays", from + ",\"dryRun\":true}").is(202);
    Reply done = server.post(webhook + "/replays", from + "}").is(202);
    Reply again = server.post(webhook + "/replays", from + "}").is(202);

    assertThat(counted.text()).isEqualTo("{\"matched\":2,\"created\":0}");
    assertThat(done.text()).isEqualTo("{\"matched\":2,\"created\":2}");
    assertThat(again.text()).isEqualTo("{\"matched\":2,\"created\":0}");
    assertThat(server.get(webhook + "/deliveries?status=PENDING").at("/items")).hasSize(2);
    server.patch(webhook, "{\"enabled\":false}").isOk();
    server.post(webhook + "/replays", from + "}").isProblem(409, "webhook-is-disabled");
  }

  @Test
  void a_replay_tells_all_that_is_wrong_with_it() {
    String replays = webhook + "/replays";
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
