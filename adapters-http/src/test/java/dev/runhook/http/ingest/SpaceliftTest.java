package dev.runhook.http.ingest;

import static dev.runhook.http.ingest.SignedNotification.sample;
import static dev.runhook.http.ingest.SignedNotification.sign;
import static org.assertj.core.api.Assertions.assertThat;

import dev.runhook.http.server.TestResponse;
import dev.runhook.http.server.TestServer;
import java.net.http.HttpRequest.BodyPublishers;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Notifications of Spacelift at `/ingest/spacelift`.
class SpaceliftTest {
  private static final String STACK = "/stacks/demo-stack";
  private static final String RUN = STACK + "/runs/01EF9PFPNFFM2MQXTJKHK1B869";
  private static final String FINISHED = sample("spacelift");

  @AutoClose private final TestServer server = new TestServer();

  private TestResponse send(String body) {
    return send(body, "sha256=" + sign("HmacSHA256", SignedNotification.SECRET, body));
  }

  private TestResponse send(String body, String signature) {
    return server.send(
        server
            .rawRequest("POST", "/api/v1/ingest/spacelift", BodyPublishers.ofString(body))
            .header("Content-Type", "application/json")
            .header("X-Signature-256", signature));
  }

  private static String state(String state, int version) {
    return FINISHED
        .replace("\"FINISHED\"", "\"" + state + "\"")
        .replace("\"stateVersion\": 4", "\"stateVersion\": " + version);
  }

  @Test
  void everything_in_a_notification_is_recorded() {
    TestResponse response = send(FINISHED).isOk();

    assertThat(response.textAt("/items/0/result")).isEqualTo("RECORDED");
    TestResponse stack = server.get(STACK).isOk();
    assertThat(stack.textAt("/name")).isEqualTo("Demo stack");
    assertThat(stack.textAt("/labels/0")).isEqualTo("prod");
    TestResponse run = server.get(RUN).isOk();
    assertThat(run.textAt("/branch")).isEqualTo("master");
    assertThat(run.textAt("/type")).isEqualTo("TRACKED");
    assertThat(run.textAt("/triggeredBy")).isEqualTo("octocat@example.com");
    assertThat(run.textAt("/createdAt")).isEqualTo("2020-08-09T13:27:45.000Z");
    assertThat(run.textAt("/commit/hash")).startsWith("0ee3a3b");
    assertThat(run.textAt("/commit/message")).isEqualTo("Update main.tf");
    assertThat(run.textAt("/commit/authorName")).isEqualTo("Octo Cat");
    assertThat(run.textAt("/commit/authorLogin")).isEqualTo("octocat");
    assertThat(run.textAt("/commit/timestamp")).isEqualTo("2020-08-06T09:25:32.000Z");
    assertThat(run.textAt("/commit/url")).startsWith("https://github.com/acme/demo/commit/");
    assertThat(run.at("/delta/added").asInt()).isEqualTo(2);
    assertThat(run.at("/delta/resources").asInt()).isEqualTo(7);
    assertThat(run.textAt("/transitions/0/state")).isEqualTo("FINISHED");
    assertThat(run.at("/transitions/0/stateVersion").asInt()).isEqualTo(4);
    assertThat(run.textAt("/transitions/0/timestamp")).isEqualTo("2020-08-09T13:28:04.000Z");
  }

  @Test
  void the_version_of_spacelift_detects_repeated_and_late_notifications() {
    send(state("QUEUED", 1)).isOk();
    send(state("PLANNING", 3)).isOk();

    assertThat(send(state("PLANNING", 3)).isOk().textAt("/items/0/result")).isEqualTo("REPEATED");
    assertThat(send(state("PREPARING", 2)).isOk().textAt("/items/0/result")).isEqualTo("IGNORED");
    send(FINISHED).isOk();
    assertThat(send(state("FAILED", 5)).isOk().textAt("/items/0/message"))
        .isEqualTo("the run has ended");

    assertThat(server.get(RUN).texts("/transitions", "state"))
        .containsExactly("QUEUED", "PLANNING", "FINISHED");
  }

  @Test
  void unknown_values_may_be_null_or_missing() {
    send(FINISHED
            .replaceAll("(?s)\"commit\": \\{.*?\\}", "\"commit\": null")
            .replaceAll("(?s)\"delta\": \\{.*?\\}", "\"delta\": null")
            .replace("\"octocat@example.com\"", "null")
            .replace("\"branch\": \"master\",", ""))
        .isOk();

    TestResponse run = server.get(RUN).isOk();
    assertThat(run.textAt("/branch")).isEqualTo("unknown");
    assertThat(run.textAt("/commit/hash")).isEqualTo("unknown");
    assertThat(run.at("/delta").isNull()).isTrue();
    assertThat(run.at("/triggeredBy").isNull()).isTrue();
  }

  @ParameterizedTest
  @CsvSource({"FINISHED, DREAMING", "TRACKED, MODULE"})
  void a_state_or_type_that_runhook_does_not_know_is_ignored(String known, String unknown) {
    TestResponse response = send(FINISHED.replace(known, unknown)).isOk();

    assertThat(response.textAt("/items/0/result")).isEqualTo("IGNORED");
    assertThat(server.get("/stacks").at("/items")).isEmpty();
  }

  @Test
  void an_internal_error_of_spacelift_is_ignored() {
    assertThat(send(sample("spacelift-internal-error")).isOk().textAt("/items/0/message"))
        .isEqualTo("the notification is not about a run");
  }

  @Test
  void a_wrong_signature_is_rejected() {
    String ofOtherBody = "sha256=" + sign("HmacSHA256", SignedNotification.SECRET, "{}");
    String ofOtherAlgorithm = sign("HmacSHA512", SignedNotification.SECRET, FINISHED);

    send(FINISHED, ofOtherBody).isProblem(401, "invalid-signature");
    send(FINISHED, ofOtherAlgorithm).isProblem(401, "invalid-signature");
    TestResponse missing = send(FINISHED, "sha256=").isProblem(401, "invalid-signature");
    assertThat(missing.header("WWW-Authenticate"))
        .isEqualTo("HMAC-SHA256 header=\"X-Signature-256\"");

    assertThat(server.get("/stacks").at("/items")).isEmpty();
  }

  @Test
  void a_stack_id_that_runhook_cannot_have_is_rejected() {
    send(FINISHED.replace("demo-stack", "demo stack")).isValidationError("/stack/id");
  }
}
