package dev.runhook.receiver;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Where an event finds its run, in bodies of all formats.
class InboxEventTest {
  private static final String PAYLOAD =
      """
      {"account":"acme","state":"FINISHED","stateVersion":8,"timestamp":1596979684,
       "run":{"id":"run-1","branch":"master","commit":{"id":"not the run","message":"\\\\\\"{[","timestamp":null},
         "createdAt":-1.5E+3,"delta":{"added":0},"triggeredBy":null,"driftDetection":true,"type":"TRACKED"},
       "stack":{"id":"demo","name":"Demo","description":"","labels":["a",{"id":"not the stack"},[]]}}
      """;

  @Test
  void the_run_is_found_in_a_payload_and_in_a_cloud_event() {
    String cloudEvent = "{\"specversion\": \"1.0\", \"id\": \"x\", \"data\": " + PAYLOAD + "}";

    assertThat(runVersion(PAYLOAD)).contains(new RunVersion("acme", "demo", "run-1", 8));
    assertThat(runVersion(cloudEvent)).contains(new RunVersion("acme", "demo", "run-1", 8));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "null",
        "8",
        "{}",
        "[{\"account\":\"a\",\"stateVersion\":1,\"run\":{\"id\":\"r\"},\"stack\":{\"id\":\"s\"}}]",
        "{\"account\":\"a\",\"stateVersion\":0,\"run\":{\"id\":\"r\"},\"stack\":{\"id\":\"s\"}}",
        "{\"account\":\"a\",\"stateVersion\":1.5,\"run\":{\"id\":\"r\"},\"stack\":{\"id\":\"s\"}}",
        "{\"account\":\"a\",\"stateVersion\":1,\"run\":{\"id\":null},\"stack\":{\"id\":\"s\"}}",
        "{\"account\":\"a\",\"stateVersion\":1,\"run\":{\"id\":\"r\"},\"stack\":{\"id\":\"s\"}} x",
        "{\"account\":\"acme\",\"event\":\"ping\",\"timestamp\":1,\"stack\":{\"id\":\"demo\"}}"
      })
  void other_bodies_have_no_run(String body) {
    assertThat(runVersion(body)).isEmpty();
  }

  @Test
  void a_body_that_ends_early_or_is_nested_deeply_has_no_run() {
    String payload = PAYLOAD.strip();
    for (int length = 0; length < payload.length(); length++) {
      assertThat(runVersion(payload.substring(0, length))).isEmpty();
    }
    assertThat(runVersion("{\"a\":" + "[".repeat(100_000))).isEmpty();
    assertThat(runVersion("{\"a\":".repeat(100_000))).isEmpty();
  }

  private static Optional<RunVersion> runVersion(String body) {
    return InboxEvent.of("event", body.getBytes(UTF_8)).runVersion();
  }
}
