package dev.runhook.domain.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.runhook.domain.delivery.Disposition.Delivered;
import dev.runhook.domain.delivery.Disposition.Exhausted;
import dev.runhook.domain.delivery.Disposition.Retry;
import dev.runhook.domain.delivery.Outcome.Cause;
import dev.runhook.domain.delivery.Outcome.NoResponse;
import dev.runhook.domain.delivery.Outcome.Responded;
import java.time.Duration;
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

  @ParameterizedTest
  @EnumSource
  void no_answer_is_retried(Cause cause) {
    assertThat(after(0, new NoResponse(cause, "nothing"))).isInstanceOf(Retry.class);
  }

  @Test
  void our_own_failures_and_refusals_are_retried_too() {
    assertThat(after(0, new Outcome.InternalError("a bug"))).isInstanceOf(Retry.class);
    assertThat(after(0, new Outcome.Blocked("loopback 127.0.0.0/8"))).isInstanceOf(Retry.class);
  }

  @Test
  void each_wait_is_the_schedules_with_20_percent_up_or_down() {
    Random random = new Random(7);
    List<Long> waits =
        IntStream.range(0, 1000)
            .mapToObj(_ ->
                ((Retry) SCHEDULE.dispositionAfter(1, SERVER_ERROR, random)).delay().toMillis())
            .toList();

    assertThat(waits).allSatisfy(wait -> assertThat(wait).isBetween(96_000L, 144_000L));
    assertThat(waits).anyMatch(wait -> wait < 100_000).anyMatch(wait -> wait > 140_000);
    assertThat(waits.stream().mapToLong(Long::longValue).average().orElseThrow())
        .isBetween(118_000.0, 122_000.0);
  }

  @Test
  void the_wait_after_the_nth_failure_is_the_nth() {
    assertThat(delay(0, SERVER_ERROR)).isBetween(Duration.ofSeconds(4), Duration.ofSeconds(6));
    assertThat(delay(1, SERVER_ERROR)).isBetween(Duration.ofSeconds(96), Duration.ofSeconds(144));
    assertThat(delay(2, SERVER_ERROR)).isBetween(Duration.ofHours(8), Duration.ofHours(12));
  }

  @Test
  void how_a_wait_was_worked_out_is_told_with_the_values_used() {
    RandomGenerator most = () -> -1L;

    assertThat(why(most, SERVER_ERROR)).isEqualTo("5 s × 1.20 = 6 s");
    assertThat(why(most, Responded.of(503)))
        .isEqualTo("60 s, the least after an answer of 503; 5 s × 1.20 is sooner");
    assertThat(why(most, new NoResponse(Cause.TIMEOUT, "too slow")))
        .isEqualTo("60 s, the least after a timeout; 5 s × 1.20 is sooner");
    assertThat(why(most, asking(429, Duration.ofMillis(7500))))
        .isEqualTo(
            "7.5 s, as the receiver asked for with 429 and Retry-After; 5 s × 1.20 is sooner");
    assertThat(why(most, asking(503, Duration.ofDays(2))))
        .contains("86400 s")
        .contains("a day at the most");
    assertThat(why(most, asking(503, Duration.ofSeconds(2)))).isEqualTo("5 s × 1.20 = 6 s");
  }

  private static String why(RandomGenerator random, Outcome outcome) {
    return ((Retry) SCHEDULE.dispositionAfter(0, outcome, random)).reason().orElseThrow();
  }

  @Test
  void a_schedule_that_is_used_up_gives_up() {
    assertThat(after(3, SERVER_ERROR)).isEqualTo(new Exhausted());
    assertThat(after(4, SERVER_ERROR)).isEqualTo(new Exhausted());
    assertThat(new RetrySchedule(List.of()).dispositionAfter(0, SERVER_ERROR, new Random(7)))
        .isEqualTo(new Exhausted());
  }

  @Test
  void gone_gives_up_at_once() {
    assertThat(after(0, Responded.of(410))).isEqualTo(new Exhausted());
  }

  @ParameterizedTest
  @ValueSource(ints = {429, 502, 503, 504})
  void an_overloaded_receiver_gets_a_minute_at_least(int status) {
    assertThat(delay(0, Responded.of(status))).isEqualTo(Duration.ofMinutes(1));
    assertThat(delay(1, Responded.of(status))).isGreaterThanOrEqualTo(Duration.ofSeconds(96));
  }

  @Test
  void a_receiver_that_timed_out_gets_a_minute_at_least() {
    assertThat(delay(0, new NoResponse(Cause.TIMEOUT, "too slow")))
        .isEqualTo(Duration.ofMinutes(1));
  }

  @ParameterizedTest
  @ValueSource(ints = {429, 503})
  void it_is_never_sooner_than_the_receiver_asks(int status) {
    assertThat(delay(0, asking(status, Duration.ofMinutes(7)))).isEqualTo(Duration.ofMinutes(7));
  }

  @Test
  void it_may_be_later_than_the_receiver_asks() {
    assertThat(delay(2, asking(503, Duration.ofMinutes(7))))
        .isGreaterThanOrEqualTo(Duration.ofHours(8));
  }

  @Test
  void a_receiver_may_ask_for_a_day_at_most() {
    assertThat(delay(0, asking(429, Duration.ofDays(365)))).isEqualTo(Duration.ofHours(24));
  }

  @Test
  void what_a_receiver_asks_for_with_another_status_does_not_count() {
    assertThat(delay(0, asking(500, Duration.ofHours(5))))
        .isLessThanOrEqualTo(Duration.ofSeconds(6));
  }

  @Test
  void asking_to_wait_does_not_make_the_schedule_longer() {
    assertThat(after(3, asking(503, Duration.ofMinutes(7)))).isEqualTo(new Exhausted());
  }

  @Test
  void no_wait_is_negative() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new RetrySchedule(List.of(Duration.ofSeconds(-1))));
  }

  private static Outcome asking(int status, Duration wait) {
    return new Responded(ReceiverResponse.of(status), Optional.of(wait));
  }

  private static Disposition after(int failures, Outcome outcome) {
    return SCHEDULE.dispositionAfter(failures, outcome, new Random(7));
  }

  private static Duration delay(int failures, Outcome outcome) {
    return ((Retry) after(failures, outcome)).delay();
  }
}
