package dev.runhook.http.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runhook.domain.delivery.Outcome;
import dev.runhook.http.server.DeliveryFixture;
import dev.runhook.http.server.TestResponse;
import dev.runhook.http.server.TestServer;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Lists of webhooks, and the activity that they show.
@Tag("slow")
@Tag("four-buckets")
class WebhookListTest {
  @AutoClose private final DeliveryFixture fixture = new DeliveryFixture();
  private final TestServer server = fixture.server;

  @Test
  void webhooks_of_the_account_are_limited_to_visible_stacks() {
    fixture.pingOtherStack();

    assertThat(server.get("/webhooks").isOk().texts("/items", "stack"))
        .containsExactly("demo", "net");
    assertThat(server.get("/webhooks?stack=net").isOk().texts("/items", "stack"))
        .containsExactly("net");
    assertThat(server.get("/webhooks?stack=none").isOk().at("/items")).isEmpty();
    assertThat(server.getAs(TestServer.STACK_ADMIN, "/webhooks").isOk().texts("/items", "stack"))
        .containsExactly("demo");
    assertThat(server.getAs(TestServer.STACK_ADMIN, "/webhooks?stack=net").isOk().at("/items"))
        .isEmpty();
    assertThat(server.getAs(TestServer.OTHER_ACCOUNT, "/webhooks").isOk().at("/items")).isEmpty();
    server.get("/webhooks?stack=a%20b").isProblem(400, "validation-error");
  }

  @Test
  void a_webhook_shows_its_last_results_and_pending_deliveries() {
    fixture.startRun("r1");
    server.dispatch();
    server.transport.enqueue(DeliveryFixture.ENDPOINT, Outcome.Responded.of(503));
    fixture.startRun("r2");
    server.dispatch();

    TestResponse webhook = server.get(fixture.webhook).isOk();

    assertThat(webhook.textAt("/lastSuccessAt")).isNotBlank();
    assertThat(webhook.textAt("/lastFailureAt")).isNotBlank();
    assertThat(webhook.at("/pendingDeliveries").asInt()).isEqualTo(1);
    assertThat(webhook.at("/failedDeliveries").asInt()).isZero();
    assertThat(webhook.at("/firstAttempts").toString()).isEqualTo("{\"total\":2,\"failed\":1}");
  }

  @Test
  void a_webhook_is_the_same_alone_and_in_lists() {
    fixture.startRun("r1");

    String alone = server.get(fixture.webhook).isOk().text();

    assertThat(server.get("/webhooks").isOk().at("/items/0").toString()).isEqualTo(alone);
    assertThat(server.get("/stacks/demo/webhooks").isOk().at("/items/0").toString())
        .isEqualTo(alone);
    assertThat(server.get(byId()).isOk().text()).isEqualTo(alone);
  }

  @Test
  void a_webhook_is_found_by_its_id_unless_the_caller_cannot_see_its_stack() {
    fixture.pingOtherStack();
    String ofOtherStack = "/webhooks/" + server.get("/webhooks?stack=net").textAt("/items/0/id");

    assertThat(server.getAs(TestServer.STACK_ADMIN, byId()).isOk().textAt("/stack"))
        .isEqualTo("demo");
    assertThat(server.get(ofOtherStack).isOk().textAt("/stack")).isEqualTo("net");
    server.getAs(TestServer.STACK_ADMIN, ofOtherStack).isProblem(404, "no-such-webhook");
    server.getAs(TestServer.OTHER_ACCOUNT, byId()).isProblem(404, "no-such-webhook");
    server.get("/webhooks/1").isProblem(404, "no-such-webhook");
  }

  private String byId() {
    return fixture.webhook.substring(fixture.webhook.indexOf("/webhooks"));
  }
}
