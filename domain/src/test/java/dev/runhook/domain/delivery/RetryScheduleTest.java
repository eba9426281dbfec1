package dev.runhook.domain.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.runhook.domain.delivery.Disposition.Delivered;
import dev.runhook.domain.delivery.Disposition.Exhausted;
import dev.runhook.domain.delivery.Disposition.Retry;
import dev.runhook.domain.delivery.Outcome.Cause;
import dev.runhook.domain.delivery.Outcome.NoResponse;
import dev.runhook.domain.delivery.Outcome.Responded;
import dev.runhook.domain.signing.Header;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class RetryScheduleTest {
  private static final RetrySchedule SCHEDULE =
      new RetrySchedule(
          List.of(Duration.ofSeconds(5), Duration.ofMinutes(2), Duration.ofHours(10)));
  private static final Outcome SERVER_ERROR = Responded.of(500);

  @ParameterizedTest
  @ValueSource(ints = {200, 201, 202, 204, 226, 299})
  void every_2xx_is_delivered(int status) {
    assertThat(after(0, Responded.of(status))).isEqualTo(new Delivered());
    assertThat(after(99, Responded.of(status))).isEqualTo(new Delivered());
  }

  @ParameterizedTest
  @ValueSource(ints = {100, 199, 300, 301, 307, 400, 401, 404, 409, 418, 429, 500, 503, 599, 999})
  void every_other_status_is_retried(int status) {
    assertThat(after(0, Responded.of(status))).isInstanceOf(Retry.class);
  }

  @Test
  void a_response_that_aborts_the_delivery_ends_it() {
    assertThat(after(0, abort(400))).isEqualTo(new Exhausted());
    assertThat(after(0, abort(503))).isEqualTo(new Exhausted());
    assertThat(after(0, abort(200))).isEqualTo(new Delivered());
    assertThat(after(0, abort(410))).isInstanceOf(Retry.class);
  }

  private static Outcome abort(int status) {
    Header header = new Header("Webhook-Delivery", "abort-message");
    return new Responded(
        new ReceiverResponse(status, List.of(header), "", false), Optional.empty());
  }

  @ParameterizedTest
  @EnumSource
  void a_missing_response_is_retried(Cause cause) {
    assertThat(after(0, new NoResponse(cause, "nothing"))).isInstanceOf(Retry.class);
  }

  @Test
  void internal_errors_and_blocked_addresses_are_retried() {
    assertThat(after(0, new Outcome.InternalFailure("a bug"))).isInstanceOf(Retry.class);
    assertThat(after(0, new Outcome.Blocked("loopback 127.0.0.0/8"))).isInstanceOf(Retry.class);
  }

  @Test
  void each_delay_has_a_jitter_of_20_percent() {
    Random random = new Random(7);
    List<Long> delays =
        IntStream.range(0, 1000)
            .mapToObj(ignored ->
                ((Retry) SCHEDULE.dispositionAfter(1, SERVER_ERROR, random)).delay().toMillis())
            .toList();

    assertThat(delays).allSatisfy(delay -> assertThat(delay).isBetween(96_000L, 144_000L));
    assertThat(delays).anyMatch(delay -> delay < 100_000).anyMatch(delay -> delay > 140_000);
    assertThat(delays.stream().mapToLong(Long::longValue).average().orElseThrow())
        .isBetween(118_000.0, 122_000.0);
  }

  @Test
  void the_nth_failure_uses_the_nth_delay() {
    assertThat(delay(0, SERVER_ERROR)).isBetween(Duration.ofSeconds(4), Duration.ofSeconds(6));
    assertThat(delay(1, SERVER_ERROR)).isBetween(Duration.ofSeconds(96), Duration.ofSeconds(144));
    assertThat(delay(2, SERVER_ERROR)).isBetween(Duration.ofHours(8), Duration.ofHours(12));
  }

  @Test
  void the_reason_shows_how_the_delay_was_computed() {
    RandomGenerator maxJitter = () -> -1L;

    assertThat(reason(maxJitter, SERVER_ERROR)).isEqualTo("5 s × 1.20 = 6 s");
    assertThat(reason(maxJitter, Responded.of(503)))
        .isEqualTo("60 s, the minimum after status 503 (5 s × 1.20 would be shorter)");
    assertThat(reason(maxJitter, new NoResponse(Cause.TIMEOUT, "too slow")))
        .isEqualTo("60 s, the minimum after a timeout (5 s × 1.20 would be shorter)");
    assertThat(reason(maxJitter, requesting(429, Duration.ofMillis(7500))))
        .isEqualTo(
            "7.5 s, requested by the receiver with status 429 and Retry-After (5 s × 1.20 would be"
                + " shorter)");
    assertThat(reason(maxJitter, requesting(503, Duration.ofDays(2))))
        .contains("86400 s")
        .contains("limited to one day");
    assertThat(reason(maxJitter, requesting(503, Duration.ofSeconds(2))))
        .isEqualTo("5 s × 1.20 = 6 s");
  }

  private static String reason(RandomGenerator random, Outcome outcome) {
    return ((Retry) SCHEDULE.dispositionAfter(0, outcome, random)).reason().orElseThrow();
  }

  @Test
  void the_failure_after_the_last_delay_is_final() {
    assertThat(after(3, SERVER_ERROR)).isEqualTo(new Exhausted());
    assertThat(after(4, SERVER_ERROR)).isEqualTo(new Exhausted());
    assertThat(new RetrySchedule(List.of()).dispositionAfter(0, SERVER_ERROR, new Random(7)))
        .isEqualTo(new Exhausted());
  }

  @Test
  void a_failed_probe_is_final_only_after_all_attempts_and_all_delays() {
    Duration total = Duration.ofHours(10).plusSeconds(125);
    RetrySchedule none = new RetrySchedule(List.of());

    assertThat(afterProbe(SCHEDULE, 1, 99, total.minusMillis(1))).isInstanceOf(Retry.class);
    assertThat(afterProbe(SCHEDULE, 3, 99, total.minusMillis(1))).isInstanceOf(Retry.class);
    assertThat(afterProbe(SCHEDULE, 1, 3, total)).isInstanceOf(Retry.class);
    assertThat(afterProbe(SCHEDULE, 1, 4, total)).isEqualTo(new Exhausted());
    assertThat(afterProbe(none, 0, 1, Duration.ZERO)).isEqualTo(new Exhausted());
    assertThat(afterProbe(none, 0, 1, Duration.ofMillis(-1))).isEqualTo(new Exhausted());
  }

  private static Disposition afterProbe(
      RetrySchedule schedule, int failures, int attempt, Duration age) {
    return schedule.dispositionAfterProbe(failures, attempt, age, SERVER_ERROR, new Random(7));
  }

  @Test
  void after_status_410_a_delivery_waits_for_its_webhook() {
    Retry waiting = new Retry(Duration.ZERO, Optional.of("the webhook is enabled"));

    assertThat(after(0, Responded.of(410))).isEqualTo(waiting);
    assertThat(after(3, Responded.of(410))).isEqualTo(waiting);
  }

  @ParameterizedTest
  @ValueSource(ints = {429, 502, 503, 504})
  void an_overloaded_receiver_gets_at_least_a_minute(int status) {
    assertThat(delay(0, Responded.of(status))).isEqualTo(Duration.ofMinutes(1));
    assertThat(delay(1, Responded.of(status))).isGreaterThanOrEqualTo(Duration.ofSeconds(96));
  }

  @Test
  void a_receiver_that_timed_out_gets_at_least_a_minute() {
    assertThat(delay(0, new NoResponse(Cause.TIMEOUT, "too slow")))
        .isEqualTo(Duration.ofMinutes(1));
  }

  @Test
  void the_schedule_of_a_webhook_is_kept_unless_an_overloaded_receiver_requests_more() {
    RetrySchedule own = RetrySchedule.ofWebhook(List.of(Duration.ofSeconds(5)));

    assertThat(List.of(429, 502, 503, 504))
        .allSatisfy(status ->
            assertThat(delay(own, 0, Responded.of(status))).isLessThan(Duration.ofSeconds(7)));
    assertThat(delay(own, 0, new NoResponse(Cause.TIMEOUT, "too slow")))
        .isLessThan(Duration.ofSeconds(7));
    assertThat(delay(own, 0, requesting(503, Duration.ofMinutes(7))))
        .isEqualTo(Duration.ofMinutes(7));
  }

  @ParameterizedTest
  @ValueSource(ints = {429, 503})
  void the_delay_is_never_shorter_than_requested(int status) {
    assertThat(delay(0, requesting(status, Duration.ofMinutes(7))))
        .isEqualTo(Duration.ofMinutes(7));
  }

  @Test
  void the_delay_may_be_longer_than_requested() {
    assertThat(delay(2, requesting(503, Duration.ofMinutes(7))))
        .isGreaterThanOrEqualTo(Duration.ofHours(8));
  }

  @Test
  void a_requested_delay_is_limited_to_a_day() {
    assertThat(delay(0, requesting(429, Duration.ofDays(365)))).isEqualTo(Duration.ofHours(24));
  }

  @Test
  void a_requested_delay_with_another_status_is_ignored() {
    assertThat(delay(0, requesting(500, Duration.ofHours(5))))
        .isLessThanOrEqualTo(Duration.ofSeconds(6));
  }

  @Test
  void a_requested_delay_does_not_extend_the_schedule() {
    assertThat(after(3, requesting(503, Duration.ofMinutes(7)))).isEqualTo(new Exhausted());
  }

  @ParameterizedTest
  @ValueSource(strings = {"PT0S", "PT0.001S", "PT168H"})
  void a_delay_of_up_to_seven_days_is_accepted(Duration delay) {
    assertThat(new RetrySchedule(List.of(delay)).delays()).containsExactly(delay);
  }

  @ParameterizedTest
  @ValueSource(strings = {"PT-0.001S", "PT168H0.001S", "PT0.0001S", "PT2562047788015215H"})
  void a_delay_out_of_range_is_refused(Duration delay) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new RetrySchedule(List.of(Duration.ZERO, delay)))
        .withMessage("a retry delay must be from 0s to 7d, in whole milliseconds");
  }

  @Test
  void at_most_500_delays_are_accepted() {
    assertThat(new RetrySchedule(Collections.nCopies(500, Duration.ZERO)).delays()).hasSize(500);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new RetrySchedule(Collections.nCopies(501, Duration.ZERO)))
        .withMessage("a retry schedule has at most 500 delays, not 501");
  }

  private static Outcome requesting(int status, Duration delay) {
    return new Responded(Responded.of(status).response(), Optional.of(delay));
  }

  private static Disposition after(int failures, Outcome outcome) {
    return SCHEDULE.dispositionAfter(failures, outcome, new Random(7));
  }

  private static Duration delay(int failures, Outcome outcome) {
    return delay(SCHEDULE, failures, outcome);
  }

  private static Duration delay(RetrySchedule schedule, int failures, Outcome outcome) {
    return ((Retry) schedule.dispositionAfter(failures, outcome, new Random(7))).delay();
  }
}
