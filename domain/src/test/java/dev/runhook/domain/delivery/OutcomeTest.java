package dev.runhook.domain.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runhook.domain.delivery.Outcome.Blocked;
import dev.runhook.domain.delivery.Outcome.Cause;
import dev.runhook.domain.delivery.Outcome.Code;
import dev.runhook.domain.delivery.Outcome.InternalFailure;
import dev.runhook.domain.delivery.Outcome.NoResponse;
import dev.runhook.domain.delivery.Outcome.Responded;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class OutcomeTest {
  @ParameterizedTest
  @CsvSource({
    "199, REJECTED",
    "200, DELIVERED",
    "204, DELIVERED",
    "299, DELIVERED",
    "300, REJECTED",
    "410, REJECTED",
    "500, REJECTED"
  })
  void the_status_determines_the_outcome_code(int status, Code code) {
    assertThat(Responded.of(status).code()).isEqualTo(code);
    assertThat(Responded.of(status).isDelivered()).isEqualTo(code == Code.DELIVERED);
  }

  @ParameterizedTest
  @EnumSource
  void every_cause_has_an_outcome_code(Cause cause) {
    Outcome outcome = new NoResponse(cause, "a detail");

    assertThat(outcome.code().name()).isEqualTo(cause.name());
    assertThat(outcome.error()).contains("a detail");
    assertThat(outcome.isDelivered()).isFalse();
  }

  @Test
  void a_blocked_address_and_an_internal_error_have_outcome_codes() {
    assertThat(new Blocked("loopback 127.0.0.0/8").code()).isEqualTo(Code.BLOCKED_ADDRESS);
    assertThat(new Blocked("loopback 127.0.0.0/8").error().orElseThrow())
        .endsWith("loopback 127.0.0.0/8");
    assertThat(new InternalFailure("a bug").code()).isEqualTo(Code.INTERNAL_ERROR);
    assertThat(new InternalFailure("a bug").error()).contains("a bug");
  }

  @Test
  void only_a_success_has_no_error() {
    assertThat(Responded.of(204).error()).isEmpty();
    assertThat(Responded.of(418).error())
        .contains("the receiver responded with status 418 instead of 2xx");
  }

  @ParameterizedTest
  @CsvSource({
    "301, redirects are not followed",
    "308, redirects are not followed",
    "401, secret",
    "403, secret",
    "404, POST",
    "405, POST",
    "410, which disables a webhook",
    "429, fewer"
  })
  void an_error_says_how_to_fix_it(int status, String advice) {
    assertThat(Responded.of(status).error().orElseThrow())
        .contains(String.valueOf(status))
        .contains(advice);
  }
}
