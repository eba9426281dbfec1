package dev.runhook.http.ingest;

import static dev.runhook.http.ingest.SignedNotification.sample;
import static dev.runhook.http.ingest.SignedNotification.sign;
import static org.assertj.core.api.Assertions.assertThat;

import dev.runhook.http.server.DeliveryFixture;
import dev.runhook.http.server.TestResponse;
import dev.runhook.http.server.TestServer;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Notifications of HCP Terraform at `/ingest/hcp-terraform`.
class HcpTerraformTest {
  private static final String STACK = "/stacks/acme-org.networking";
  private static final String RUN = STACK + "/runs/run-FwnENkvDnrpyFC7M";
  private static final String APPLYING = sample("hcp-terraform");

  @AutoClose private final TestServer server = new TestServer();

  private TestResponse send(String body) {
    return send(body, sign("HmacSHA512", SignedNotification.SECRET, body));
  }

  private TestResponse send(String body, String signature) {
    return server.send(request(body).header("X-TFE-Notification-Signature", signature));
  }

  private HttpRequest.Builder request(String body) {
    return server
        .rawRequest("POST", "/api/v1/ingest/hcp-terraform", BodyPublishers.ofString(body))
        .header("Content-Type", "application/json");
  }

  private static String status(String status) {
    return status(status, "run:other");
  }

  private static String status(String status, String trigger) {
    return APPLYING.replace("\"applying\"", "\"" + status + "\"").replace("run:applying", trigger);
  }

  @Test
  void the_first_notification_of_a_run_creates_its_stack_and_the_run() {
    TestResponse response = send(APPLYING).isOk();

    assertThat(response.textAt("/items/0/result")).isEqualTo("RECORDED");
    assertThat(response.textAt("/items/0/stack")).isEqualTo("acme-org.networking");
    TestResponse stack = server.get(STACK).isOk();
    assertThat(stack.textAt("/name")).isEqualTo("networking");
    assertThat(stack.textAt("/url")).isEqualTo("https://app.terraform.io/app/acme-org/networking");
    TestResponse run = server.get(RUN).isOk();
    assertThat(run.textAt("/state")).isEqualTo("APPLYING");
    assertThat(run.textAt("/type")).isEqualTo("TRACKED");
    assertThat(run.textAt("/triggeredBy")).isEqualTo("octocat");
    assertThat(run.textAt("/createdAt")).isEqualTo("2026-01-25T18:34:00.000Z");
    assertThat(run.textAt("/url")).endsWith("/runs/run-FwnENkvDnrpyFC7M");
    assertThat(run.textAt("/commit/message")).isEqualTo("Add five new queue workers");
    assertThat(run.textAt("/transitions/0/timestamp")).isEqualTo("2026-01-25T18:37:04.000Z");
    assertThat(run.textAt("/transitions/0/note")).isEqualTo("Run Applying");
  }

  @ParameterizedTest
  @CsvSource({
    "pending, run:created, QUEUED, 1",
    "fetching, run:other, PREPARING, 2",
    "plan_queued, run:other, PREPARING, 2",
    "planning, run:planning, PLANNING, 3",
    "cost_estimated, run:other, PLANNING, 3",
    "cost_estimated, run:needs_attention, UNCONFIRMED, 4",
    "policy_checked, run:needs_attention, UNCONFIRMED, 4",
    "planned, run:needs_attention, UNCONFIRMED, 4",
    "policy_override, run:other, UNCONFIRMED, 4",
    "confirmed, run:other, CONFIRMED, 5",
    "applying, run:needs_attention, APPLYING, 6",
    "applied, run:completed, FINISHED, 7",
    "planned_and_finished, run:completed, FINISHED, 7",
    "errored, run:errored, FAILED, 7",
    "canceled, run:errored, CANCELED, 7",
    "discarded, run:completed, DISCARDED, 7",
  })
  void each_status_has_a_state_and_a_version(
      String status, String trigger, String state, int version) {
    TestResponse response = send(status(status, trigger)).isOk();

    assertThat(response.textAt("/items/0/state")).isEqualTo(state);
    assertThat(response.at("/items/0/stateVersion").asInt()).isEqualTo(version);
    assertThat(server.get(RUN).textAt("/state")).isEqualTo(state);
  }

  @Test
  void later_notifications_are_transitions_of_the_same_run() {
    send(status("pending"));
    send(status("planning"));
    send(status("planned"));
    send(status("applying"));
    send(status("applied"));

    assertThat(server.get(RUN).isOk().texts("/transitions", "state"))
        .containsExactly("QUEUED", "PLANNING", "UNCONFIRMED", "APPLYING", "FINISHED");
  }

  @Test
  void a_repeated_notification_changes_nothing() {
    send(status("pending"));
    send(status("planning"));

    assertThat(send(status("pending")).isOk().textAt("/items/0/result")).isEqualTo("REPEATED");
    assertThat(send(status("planning")).isOk().textAt("/items/0/result")).isEqualTo("REPEATED");

    assertThat(server.get(RUN).at("/transitions")).hasSize(2);
  }

  @ParameterizedTest
  @ValueSource(strings = {"planning", "applying", "errored"})
  void a_late_notification_is_ignored(String late) {
    send(status("applied"));

    TestResponse response = send(status(late)).isOk();

    assertThat(response.textAt("/items/0/result")).isEqualTo("IGNORED");
    assertThat(response.textAt("/items/0/message"))
        .isEqualTo("the run has this state or a later one");
    assertThat(server.get(RUN).texts("/transitions", "state")).containsExactly("FINISHED");
  }

  @Test
  void an_existing_stack_is_not_changed() {
    server.put(STACK, "{\"name\":\"My network\",\"labels\":[\"prod\"]}").is(201);

    send(APPLYING).isOk();

    assertThat(server.get(STACK).textAt("/name")).isEqualTo("My network");
    assertThat(server.get(STACK).textAt("/labels/0")).isEqualTo("prod");
  }

  @ParameterizedTest
  @ValueSource(strings = {"hcp-terraform-verification", "hcp-terraform-drift"})
  void a_notification_that_is_not_about_a_run_is_ignored(String name) {
    TestResponse response = send(sample(name)).isOk();

    assertThat(response.textAt("/items/0/result")).isEqualTo("IGNORED");
    assertThat(response.textAt("/items/0/message"))
        .isEqualTo("the notification is not about a run");
    assertThat(server.get("/stacks").at("/items")).isEmpty();
  }

  @Test
  void an_unknown_status_is_ignored() {
    assertThat(send(status("dreaming")).isOk().textAt("/items/0/message"))
        .isEqualTo("the run_status \"dreaming\" has no state");
  }

  @Test
  void the_secret_decides_on_the_account() {
    send(APPLYING, sign("HmacSHA512", SignedNotification.SECRET_OF_OTHER, APPLYING)).isOk();

    assertThat(server.get("/stacks").at("/items")).isEmpty();
    assertThat(server.getAs(TestServer.OTHER_ACCOUNT, "/stacks").at("/items")).hasSize(1);
  }

  @Test
  void an_account_can_have_several_secrets_to_change_one() {
    send(APPLYING, sign("HmacSHA512", SignedNotification.PREVIOUS_SECRET, APPLYING)).isOk();

    assertThat(server.get("/stacks").at("/items")).hasSize(1);
  }

  @Test
  void a_wrong_or_missing_signature_is_rejected_before_the_body_is_parsed() {
    String broken = "{";
    String ofOtherBody = sign("HmacSHA512", SignedNotification.SECRET, "{}");
    String ofOtherAlgorithm = sign("HmacSHA256", SignedNotification.SECRET, broken);
    String unknown = sign("HmacSHA512", "unknown-secret-0123456789", broken);

    send(broken, ofOtherBody).isProblem(401, "invalid-signature");
    send(broken, ofOtherAlgorithm).isProblem(401, "invalid-signature");
    send(broken, unknown).isProblem(401, "invalid-signature");
    send(broken, "not hex").isProblem(401, "invalid-signature");
    send(broken, "").isProblem(401, "invalid-signature");
    TestResponse missing = server.send(request(broken)).isProblem(401, "invalid-signature");
    assertThat(missing.header("WWW-Authenticate"))
        .isEqualTo("HMAC-SHA512 header=\"X-TFE-Notification-Signature\"");
    send(broken).isProblem(400, "validation-error");
  }

  @Test
  void a_body_that_is_too_large_is_rejected() {
    server.send(request(" ".repeat(256 * 1024 + 1))).isProblem(413, "too-large");
  }

  @Test
  void a_run_without_a_workspace_is_rejected() {
    send(APPLYING.replace("\"networking\"", "null")).isValidationError("");
  }

  @Test
  void a_long_message_is_shortened() {
    send(APPLYING
            .replace("Add five new queue workers", "x".repeat(16_383) + "😀")
            .replace("Run Applying", "y".repeat(5_000)))
        .isOk();

    assertThat(server.get(RUN).textAt("/commit/message")).isEqualTo("x".repeat(16_383));
    assertThat(server.get(RUN).textAt("/transitions/0/note")).hasSize(4_096);
  }

  @Test
  void an_account_webhook_gets_the_first_state_of_a_new_stack() {
    server
        .post(
            "/account-webhooks",
            "{\"endpoint\":\"https://hooks.example.com/in\",\"selector\":{\"stacks\":[\"acme-org.*\"]}}")
        .is(201);

    send(APPLYING);
    server.dispatch();

    assertThat(server.transport.requestsTo(DeliveryFixture.ENDPOINT)).hasSize(1);
  }

  @Test
  void each_state_is_delivered_to_the_webhooks_of_the_stack() {
    server.put(STACK, "{\"name\":\"networking\"}").is(201);
    server.post(STACK + "/webhooks", "{\"endpoint\":\"https://hooks.example.com/in\"}").is(201);

    send(status("planning"));
    send(status("applied"));
    server.dispatch();
    server.dispatch();

    assertThat(server.transport.requestsTo(DeliveryFixture.ENDPOINT)).hasSize(2);
  }
}
