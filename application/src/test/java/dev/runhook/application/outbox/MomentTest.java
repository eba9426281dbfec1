package dev.runhook.application.outbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class MomentTest {
  private static final Moment BEFORE = new Moment(100, Instant.EPOCH);

  @Test
  void a_suspension_counts_although_the_monotonic_clock_stands_still() {
    assertThat(new Moment(200, Instant.EPOCH.plusSeconds(60)).since(BEFORE))
        .isEqualTo(Duration.ofMinutes(1));
  }

  @Test
  void a_wall_clock_that_is_set_back_does_not_make_time_pass_slower() {
    assertThat(new Moment(200, Instant.EPOCH.minusSeconds(60)).since(BEFORE))
        .isEqualTo(Duration.ofNanos(100));
  }
}
