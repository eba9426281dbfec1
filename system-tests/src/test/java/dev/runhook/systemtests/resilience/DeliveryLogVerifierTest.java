package dev.runhook.systemtests.resilience;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.runhook.systemtests.fixture.ReceivedRequest;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// The judge of the crash test must itself be able to say no.
class DeliveryLogVerifierTest {
  private final DeliveryLogVerifier review = new DeliveryLogVerifier(List.of("QUEUED", "FINISHED"));

  @Test
  void an_honest_log_passes_with_repeats() {
    List<ReceivedRequest> log =
        List.of(
            arrival(1, "d-1", 1, 500),
            arrival(1, "d-1", 2, 204),
            arrival(2, "d-2", 1, 204),
            arrival(1, "d-1", 3, 204));

    assertThatCode(() -> review.verify(log, List.of("run"))).doesNotThrowAnyException();
  }

  @Test
  void a_lost_one_is_found() {
    refused(List.of(arrival(1, "d-1", 1, 204)));
  }

  @Test
  void one_that_was_only_ever_refused_is_found() {
    refused(List.of(arrival(1, "d-1", 1, 204), arrival(2, "d-2", 1, 500)));
  }

  @Test
  void one_that_overtakes_is_found() {
    refused(List.of(arrival(2, "d-2", 1, 204), arrival(1, "d-1", 1, 204)));
  }

  @Test
  void one_that_does_not_wait_for_success_is_found() {
    refused(
        List.of(arrival(1, "d-1", 1, 500), arrival(2, "d-2", 1, 204), arrival(1, "d-1", 2, 204)));
  }

  @Test
  void a_second_delivery_of_the_same_is_found() {
    refused(
        List.of(arrival(1, "d-1", 1, 204), arrival(1, "d-9", 1, 204), arrival(2, "d-2", 1, 204)));
  }

  @Test
  void other_bytes_on_a_repeat_are_found() {
    ReceivedRequest first = arrival(1, "d-1", 1, 204);
    ReceivedRequest changed =
        new ReceivedRequest(1, first.headers(), first.body() + " ", true, 204);

    refused(List.of(first, changed, arrival(2, "d-2", 1, 204)));
  }

  @Test
  void a_wrong_signature_is_found() {
    ReceivedRequest first = arrival(1, "d-1", 1, 204);

    refused(
        List.of(
            new ReceivedRequest(0, first.headers(), first.body(), false, 204),
            arrival(2, "d-2", 1, 204)));
  }

  private void refused(List<ReceivedRequest> log) {
    assertThatExceptionOfType(AssertionError.class)
        .isThrownBy(() -> review.verify(log, List.of("run")));
  }

  private static ReceivedRequest arrival(int version, String delivery, int attempt, int answer) {
    String state = version == 1 ? "QUEUED" : "FINISHED";
    String body =
        "{\"state\":\"%s\",\"stateVersion\":%d,\"run\":{\"id\":\"run\"}}".formatted(state, version);
    Map<String, String> headers =
        Map.of(
            "x-runhook-delivery",
            delivery,
            "x-runhook-attempt",
            Integer.toString(attempt),
            "webhook-id",
            "e-" + version);
    return new ReceivedRequest(0, headers, body, true, answer);
  }
}
