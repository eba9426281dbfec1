package dev.runhook.application.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class RateLimiterTest {
  private final AtomicLong nanos = new AtomicLong();
  private final RateLimiter<String> rateLimiter = new RateLimiter<>(10, 3, nanos::get);

  @Test
  void a_full_bucket_gives_what_it_holds_and_then_says_how_long() {
    assertThat(rateLimiter.tryAcquire("a")).isEmpty();
    assertThat(rateLimiter.tryAcquire("a")).isEmpty();
    assertThat(rateLimiter.tryAcquire("a")).isEmpty();

    assertThat(rateLimiter.tryAcquire("a")).contains(Duration.ofMillis(100));
    assertThat(rateLimiter.timeUntilPermit("a")).contains(Duration.ofMillis(100));
  }

  @Test
  void it_drips_full_at_its_rate_and_no_fuller() {
    drain("a");

    pass(Duration.ofMillis(250));
    assertThat(rateLimiter.tryAcquire("a")).isEmpty();
    assertThat(rateLimiter.tryAcquire("a")).isEmpty();
    assertThat(rateLimiter.tryAcquire("a")).contains(Duration.ofMillis(50));

    pass(Duration.ofDays(1));
    drain("a");
    assertThat(rateLimiter.tryAcquire("a")).isPresent();
  }

  @Test
  void each_key_has_its_own() {
    drain("a");

    assertThat(rateLimiter.tryAcquire("b")).isEmpty();
  }

  @Test
  void what_is_charged_may_leave_a_debt_that_is_paid_off_before_the_next() {
    rateLimiter.consume("a", 13);

    assertThat(rateLimiter.tryAcquire("a")).contains(Duration.ofMillis(1100));
    pass(Duration.ofMillis(1099));
    assertThat(rateLimiter.tryAcquire("a")).isPresent();
    pass(Duration.ofMillis(1));
    assertThat(rateLimiter.tryAcquire("a")).isEmpty();
  }

  @Test
  void asking_takes_nothing() {
    for (int i = 0; i < 10; i++) {
      assertThat(rateLimiter.timeUntilPermit("a")).isEmpty();
    }
  }

  @Test
  void keys_beyond_ten_thousand_share_one_until_the_idle_are_forgotten() {
    for (int i = 0; i < 10_000; i++) {
      rateLimiter.consume("key " + i, 1);
    }

    rateLimiter.consume("one too many", 3);
    assertThat(rateLimiter.timeUntilPermit("another")).isPresent();
    assertThat(rateLimiter.timeUntilPermit("key 1")).isEmpty();
    pass(Duration.ofSeconds(1));
    rateLimiter.evictIdle();
    drain("one too many");
    assertThat(rateLimiter.timeUntilPermit("another")).isEmpty();
  }

  private void drain(String key) {
    for (int i = 0; i < 3; i++) {
      assertThat(rateLimiter.tryAcquire(key)).isEmpty();
    }
  }

  private void pass(Duration time) {
    nanos.addAndGet(time.toNanos());
  }
}
