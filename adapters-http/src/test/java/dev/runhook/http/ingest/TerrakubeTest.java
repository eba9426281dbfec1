package dev.runhook.http.ingest;

import static dev.runhook.http.ingest.SignedNotification.sample;
import static dev.runhook.http.ingest.SignedNotification.sign;
import static org.assertj.core.api.Assertions.assertThat;

import dev.runhook.http.server.TestResponse;
import dev.runhook.http.server.TestServer;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Notifications of Terrakube at `/ingest/terrakube`.
class TerrakubeTest {
  private static final String STACK = "/stacks/acme.networking";
  private static final String RUN = STACK + "/runs/42";
  private static final String FAILED = sample("terrakube");

  @AutoClose private final TestServer server = new TestServer();

  private TestResponse send(String body) {
    return send(body, sign("HmacSHA256", SignedNotification.SECRET, body));
  }

  private TestResponse send(String body, String signature) {
    return server.send(
        server
            .rawRequest("POST", "/api/v1/ingest/terrakube", BodyPublishers.ofString(body))
            .header("Content-Type", "application/json")
            .header("X-Terrakube-Signature", signature));
  }

  private static String status(String status) {
    return FAILED.replace("\"failed\"", "\"" + status + "\"");
  }

  @Test
  void everything_in_a_notification_is_recorded() {
    assertThat(send(FAILED).isOk().textAt("/items/0/result")).isEqualTo("RECORDED");

    TestResponse stack = server.get(STACK).isOk();
    assertThat(stack.textAt("/name")).isEqualTo("networking");
    assertThat(stack.textAt("/url")).endsWith("/workspaces/6f3a");
    TestResponse run = server.get(RUN).isOk();
    assertThat(run.textAt("/state")).isEqualTo("FAILED");
    assertThat(run.textAt("/url")).endsWith("/runs/42");
    assertThat(run.textAt("/commit/hash")).isEqualTo("7fd1a60b01f91b314f59955a4e4d4e80d8edf11d");
    assertThat(run.textAt("/transitions/0/note")).isEqualTo("apply exited with code 1");
  }

  @ParameterizedTest
  @CsvSource({
    "pending, QUEUED, 1",
    "queue, PREPARING, 2",
    "running, PLANNING, 3",
    "waitingApproval, UNCONFIRMED, 4",
    "approved, CONFIRMED, 5",
    "completed, FINISHED, 6",
    "noChanges, FINISHED, 6",
    "rejected, DISCARDED, 6",
    "cancelled, CANCELED, 6",
  })
  void each_status_has_a_state_and_a_version(String status, String state, int version) {
    TestResponse response = send(status(status)).isOk();

    assertThat(response.textAt("/items/0/state")).isEqualTo(state);
    assertThat(response.at("/items/0/stateVersion").asInt()).isEqualTo(version);
  }

  @Test
  void the_later_steps_of_a_job_do_not_lead_back_to_its_first_states() {
    for (String status :
        List.of(
            "pending",
            "queue",
            "running",
            "pending",
            "waitingApproval",
            "approved",
            "pending",
            "queue",
            "running",
            "completed")) {
      send(status(status)).isOk();
    }

    assertThat(server.get(RUN).isOk().texts("/transitions", "state"))
        .containsExactly("QUEUED", "PREPARING", "PLANNING", "UNCONFIRMED", "CONFIRMED", "FINISHED");
  }

  @Test
  void unknown_values_may_be_null() {
    send(FAILED.replaceAll("\"(commitId|failureReason)\": \"[^\"]*\"", "\"$1\": null")).isOk();

    TestResponse run = server.get(RUN).isOk();
    assertThat(run.textAt("/commit/hash")).isEqualTo("unknown");
    assertThat(run.at("/transitions/0/note").isNull()).isTrue();
  }

  @Test
  void a_test_and_an_unknown_status_are_ignored() {
    String test = FAILED.replaceAll("\"runUrl\": \"[^\"]*\"", "\"runUrl\": null");

    assertThat(send(test).isOk().textAt("/items/0/message"))
        .isEqualTo("the notification is not about a run");
    assertThat(send(status("notExecuted")).isOk().textAt("/items/0/message"))
        .isEqualTo("the status \"notExecuted\" has no state");
    assertThat(server.get("/stacks").at("/items")).isEmpty();
  }

  @Test
  void an_id_that_is_not_a_number_is_rejected() {
    send(FAILED.replace("42,", "\"42\",")).isValidationError("/jobId");
  }

  @Test
  void a_wrong_signature_is_rejected() {
    String ofOtherBody = sign("HmacSHA256", SignedNotification.SECRET, "{}");

    TestResponse response = send(FAILED, ofOtherBody).isProblem(401, "invalid-signature");

    assertThat(response.header("WWW-Authenticate"))
        .isEqualTo("HMAC-SHA256 header=\"X-Terrakube-Signature\"");
  }
}
