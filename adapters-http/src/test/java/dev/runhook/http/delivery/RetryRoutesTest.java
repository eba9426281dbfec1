package dev.runhook.http.delivery;

import static dev.runhook.http.server.DeliveryFixture.ENDPOINT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.runhook.domain.delivery.Outcome;
import dev.runhook.http.server.DeliveryFixture;
import dev.runhook.http.server.TestResponse;
import dev.runhook.http.server.TestServer;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

class RetryRoutesTest {
  @AutoClose private final DeliveryFixture fixture = new DeliveryFixture();
  private final TestServer server = fixture.server;

  private String failOnce(String run) {
    server.transport.respondByDefault(ENDPOINT, Outcome.Responded.of(500));
    fixture.startRun(run);
    server.dispatch();
    server.transport.respondByDefault(ENDPOINT, Outcome.Responded.of(200));
    return fixture.newestDelivery();
  }

  @Test
  void a_waiting_delivery_can_be_retried_and_not_redelivered() {
    String id = failOnce("r1");

    server.post("/deliveries/" + id + "/redeliver", "").isProblem(409, "delivery-pending");
    assertThat(server.post("/deliveries/" + id + "/retry", "").is(202).textAt("/id")).isEqualTo(id);
    server.dispatch();

    assertThat(fixture.details().textAt("/status")).isEqualTo("DELIVERED");
    server.post("/deliveries/" + id + "/retry", "").isProblem(409, "delivery-finished");
    assertThat(server.get(fixture.webhook + "/deliveries").at("/items")).hasSize(1);
  }

  @Test
  void a_delivery_with_an_open_redelivery_is_not_redelivered_again() {
    fixture.startRun("r1");
    server.dispatch();
    String id = fixture.newestDelivery();
    String open = server.post("/deliveries/" + id + "/redeliver", "").is(202).textAt("/id");

    TestResponse again = server.post("/deliveries/" + id + "/redeliver", "");

    assertThat(again.isProblem(409, "delivery-pending").textAt("/detail")).contains(open);
    server.dispatch();
    server.post("/deliveries/" + id + "/redeliver", "").is(202);
  }

  @Test
  void a_test_event_is_marked_and_looks_like_a_state_change() {
    TestResponse sent = server.post(fixture.webhook + "/test", "{\"state\":\"FAILED\"}").is(202);
    server.post(fixture.webhook + "/test", "").is(202);
    server.dispatch();

    TestResponse details = server.get("/deliveries/" + sent.textAt("/id")).isOk();
    assertThat(sent.header("Location")).endsWith("/deliveries/" + sent.textAt("/id"));
    assertThat(details.textAt("/kind")).isEqualTo("test");
    assertThat(details.textAt("/status")).isEqualTo("DELIVERED");
    assertThat(details.textAt("/request/headers/X-Runhook-Test")).isEqualTo("true");
    assertThat(details.textAt("/request/headers/X-Runhook-Event")).isEqualTo("run_state_changed");
    assertThat(details.texts("/explanation", "code")).startsWith("TEST_CREATED");
    server.post(fixture.webhook + "/test", "{\"state\":\"DONE\"}").isValidationError("/state");
  }

  @Test
  void all_waiting_deliveries_of_a_webhook_can_be_retried() {
    failOnce("r1");
    failOnce("r2");

    assertThat(server.post(fixture.webhook + "/retry", "").is(202).text())
        .isEqualTo("{\"retried\":2}");
    server.dispatch();

    assertThat(server.get(fixture.webhook + "/deliveries?status=DELIVERED").at("/items"))
        .hasSize(2);
    assertThat(server.post(fixture.webhook + "/retry", "").is(202).at("/retried").asInt()).isZero();
  }

  @Test
  void nothing_is_retried_while_the_webhook_is_disabled() {
    String id = failOnce("r1");
    server.patch(fixture.webhook, "{\"enabled\":false}").isOk();

    server.post("/deliveries/" + id + "/retry", "").isProblem(409, "webhook-disabled");
    server.post(fixture.webhook + "/retry", "").isProblem(409, "webhook-disabled");
    server.post("/deliveries/x/retry", "").isProblem(404, "no-such-delivery");
    server.post(fixture.webhook + "/retry", "{\"x\":1}").isValidationError("/x");
  }

  @Test
  void a_waiting_delivery_can_be_canceled() {
    String id = failOnce("r1");
    String path = "/deliveries/" + id + "/cancel";

    server
        .post(path, "{\"reason\":\"%s\"}".formatted("x".repeat(201)))
        .isValidationError("/reason");
    TestResponse canceled = server.post(path, "{\"reason\":\"replaced\"}").isOk();

    assertThat(canceled.textAt("/status")).isEqualTo("CANCELED");
    assertThat(fixture.details().textAt("/explanation/2/text")).endsWith(": replaced");
    assertThat(server.get("/audit?action=DELIVERY_CANCELED").textAt("/items/0/details/reason"))
        .isEqualTo("replaced");
    server.post(path, "").isProblem(409, "delivery-finished");
    server.post("/deliveries/x/cancel", "").isProblem(404, "no-such-delivery");
  }

  @Test
  void the_waiting_deliveries_of_all_webhooks_can_be_canceled() {
    failOnce("r1");
    failOnce("r2");
    String path = "/deliveries/cancellations";

    TestResponse preview = server.post(path, "{\"stack\":\"demo\",\"dryRun\":true}").isOk();
    TestResponse others = server.post(path, "{\"stack\":\"other\"}").isOk();
    TestResponse one = server.post(path, "{\"run\":\"r2\",\"reason\":\"moved\"}").isOk();
    TestResponse rest = server.post(path, "{}").isOk();

    assertThat(preview.text()).isEqualTo("{\"dryRun\":true,\"canceled\":2}");
    assertThat(others.text()).isEqualTo("{\"dryRun\":false,\"canceled\":0}");
    assertThat(one.text()).isEqualTo("{\"dryRun\":false,\"canceled\":1}");
    assertThat(rest.text()).isEqualTo("{\"dryRun\":false,\"canceled\":1}");
    server.post(path, "{\"stack\":\"a b\"}").isValidationError("/stack");
    assertThat(server.get("/audit?action=DELIVERIES_CANCELED").at("/items")).hasSize(2);
    assertThat(server.get(fixture.webhook + "/deliveries?status=PENDING").at("/items")).isEmpty();
  }

  @Test
  void the_waiting_deliveries_of_a_webhook_can_be_canceled() {
    failOnce("r1");
    failOnce("r2");
    String path = fixture.webhook + "/cancellations";

    TestResponse preview = server.post(path, "{\"run\":\"r2\",\"dryRun\":true}").isOk();
    TestResponse canceled = server.post(path, "{\"run\":\"r2\"}").isOk();

    assertThat(preview.text()).isEqualTo("{\"dryRun\":true,\"canceled\":1}");
    assertThat(canceled.text()).isEqualTo("{\"dryRun\":false,\"canceled\":1}");
    assertThat(server.get("/audit?action=DELIVERIES_CANCELED").textAt("/items/0/details/matched"))
        .isEqualTo("1");
    assertThat(server.get(fixture.webhook + "/deliveries?status=CANCELED").at("/items")).hasSize(1);
    server.post(path, "{}").isOk();
    assertThat(server.get(fixture.webhook + "/deliveries?status=PENDING").at("/items")).isEmpty();
    server.post(path, "{\"state\":\"DONE\"}").isValidationError("/state");
    String replay = "{\"from\":\"2026-01-01T00:00:00Z\",\"status\":\"CANCELED\"}";
    assertThat(server.post(fixture.webhook + "/replays", replay).is(202).at("/created").asInt())
        .isEqualTo(2);
  }
}
