package dev.runhook.domain.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runhook.domain.delivery.Outcome.Blocked;
import dev.runhook.domain.delivery.Outcome.Cause;
import dev.runhook.domain.delivery.Outcome.InternalFailure;
import dev.runhook.domain.delivery.Outcome.NoResponse;
import dev.runhook.domain.delivery.Outcome.Responded;
import dev.runhook.domain.delivery.ReceiverCheck.Result;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.FieldSource;

class ReceiverCheckTest {
  private static final Duration FAST = Duration.ofSeconds(1);

  /// The results of name, TLS, response and time.
  @SuppressWarnings("unused")
  private static final List<Arguments> OUTCOMES =
      List.of(
          Arguments.of(Responded.of(204), "PASSED PASSED PASSED PASSED"),
          Arguments.of(Responded.of(401), "PASSED PASSED FAILED PASSED"),
          Arguments.of(Responded.of(302), "PASSED PASSED FAILED PASSED"),
          Arguments.of(new Blocked("loopback"), "FAILED SKIPPED SKIPPED SKIPPED"),
          Arguments.of(none(Cause.DNS_FAILURE), "FAILED SKIPPED SKIPPED SKIPPED"),
          Arguments.of(none(Cause.TLS_FAILURE), "PASSED FAILED SKIPPED SKIPPED"),
          Arguments.of(none(Cause.MALFORMED_RESPONSE), "PASSED PASSED FAILED SKIPPED"),
          Arguments.of(none(Cause.TIMEOUT), "PASSED SKIPPED FAILED SKIPPED"),
          Arguments.of(none(Cause.CONNECTION_REFUSED), "PASSED SKIPPED FAILED SKIPPED"),
          Arguments.of(none(Cause.CONNECTION_RESET), "PASSED SKIPPED FAILED SKIPPED"),
          Arguments.of(new InternalFailure("stopping"), "SKIPPED SKIPPED SKIPPED SKIPPED"));

  private static Outcome none(Cause cause) {
    return new NoResponse(cause, "what to do");
  }

  @ParameterizedTest
  @FieldSource("OUTCOMES")
  void the_outcome_shows_how_far_the_request_came(Outcome outcome, String expected) {
    List<ReceiverCheck> checks = ReceiverCheck.ofDelivery(true, outcome, FAST);

    assertThat(checks)
        .extracting(ReceiverCheck::name)
        .containsExactly(
            ReceiverCheck.NAME_RESOLVES,
            ReceiverCheck.TLS,
            ReceiverCheck.RESPONDS,
            ReceiverCheck.FAST);
    assertThat(results(checks)).isEqualTo(expected);
    assertThat(checks)
        .filteredOn(check -> check.result() == Result.FAILED)
        .allSatisfy(check -> assertThat(check.detail()).contains(outcome.error().orElseThrow()));
  }

  private static String results(List<ReceiverCheck> checks) {
    return checks.stream().map(check -> check.result().name()).collect(Collectors.joining(" "));
  }

  @Test
  void tls_is_not_checked_over_http() {
    List<ReceiverCheck> checks = ReceiverCheck.ofDelivery(false, Responded.of(200), FAST);

    assertThat(results(checks)).isEqualTo("PASSED SKIPPED PASSED PASSED");
  }

  @Test
  void a_response_after_more_than_a_second_fails() {
    List<ReceiverCheck> checks =
        ReceiverCheck.ofDelivery(true, Responded.of(200), FAST.plusMillis(1));

    assertThat(results(checks)).isEqualTo("PASSED PASSED PASSED FAILED");
    assertThat(checks.getLast().detail().orElseThrow()).contains("1001 ms", "respond first");
  }

  @Test
  void a_check_does_not_say_that_410_has_disabled_the_webhook() {
    List<ReceiverCheck> checks = ReceiverCheck.ofDelivery(true, Responded.of(410), FAST);

    assertThat(checks.get(2).detail())
        .contains("the receiver responded with status 410 Gone, which disables a webhook");
  }

  @ParameterizedTest
  @CsvSource({
    "200, FAILED, accepts forged requests",
    "204, FAILED, accepts forged requests",
    "302, FAILED, respond with 401",
    "500, FAILED, respond with 401",
    "429, SKIPPED, try again later",
    "400, PASSED, ''",
    "401, PASSED, ''",
    "403, PASSED, ''"
  })
  void a_forged_request_must_be_refused(int status, Result result, String detail) {
    ReceiverCheck check = ReceiverCheck.ofForgery(Responded.of(status));

    assertThat(check.result()).isEqualTo(result);
    assertThat(check.detail().orElse("")).contains(detail);
  }

  @Test
  void no_response_to_a_forged_request_is_no_refusal() {
    ReceiverCheck check = ReceiverCheck.ofForgery(none(Cause.CONNECTION_RESET));

    assertThat(check.result()).isEqualTo(Result.FAILED);
    assertThat(check.detail().orElseThrow()).contains("does not respond", "what to do");
  }

  @Test
  void a_request_that_was_not_sent_says_nothing_about_the_receiver() {
    assertThat(ReceiverCheck.ofForgery(new InternalFailure("the proxy is unreachable")))
        .isEqualTo(ReceiverCheck.skipped(ReceiverCheck.VERIFIES, "the proxy is unreachable"));
  }
}
