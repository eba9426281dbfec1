package dev.runhook.application.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class RateLimiterTest {
  private final AtomicLong nanos = new AtomicLong();
  private final RequestLimits.RateLimiter<String> limiter =
      new RequestLimits.RateLimiter<>(10, 3, nanos::get);

  @Test
  void a_full_bucket_grants_its_capacity_and_then_returns_the_wait() {
    assertThat(limiter.tryAcquire("a")).isEmpty();
    assertThat(limiter.tryAcquire("a")).isEmpty();
    assertThat(limiter.tryAcquire("a")).isEmpty();

    assertThat(limiter.tryAcquire("a")).contains(Duration.ofMillis(100));
    assertThat(limiter.timeUntilPermit("a")).contains(Duration.ofMillis(100));
  }

  @Test
  void permits_are_added_at_the_rate_up_to_the_capacity() {
    drain("a");

    advance(Duration.ofMillis(250));
    assertThat(limiter.tryAcquire("a")).isEmpty();
    assertThat(limiter.tryAcquire("a")).isEmpty();
    assertThat(limiter.tryAcquire("a")).contains(Duration.ofMillis(50));

    advance(Duration.ofDays(1));
    drain("a");
    assertThat(limiter.tryAcquire("a")).isPresent();
  }

  @Test
  void each_key_has_its_own_bucket() {
    drain("a");

    assertThat(limiter.tryAcquire("b")).isEmpty();
  }

  @Test
  void consumed_permits_may_leave_a_debt() {
    limiter.consume("a", 13);

    assertThat(limiter.tryAcquire("a")).contains(Duration.ofMillis(1100));
    advance(Duration.ofMillis(1099));
    assertThat(limiter.tryAcquire("a")).isPresent();
    advance(Duration.ofMillis(1));
    assertThat(limiter.tryAcquire("a")).isEmpty();
  }

  @Test
  void asking_for_the_wait_takes_no_permit() {
    for (int i = 0; i < 10; i++) {
      assertThat(limiter.timeUntilPermit("a")).isEmpty();
    }
  }

  @Test
  void keys_above_the_limit_share_one_bucket_until_idle_ones_are_evicted() {
    for (int i = 0; i < 10_000; i++) {
      limiter.consume("key " + i, 1);
    }

    limiter.consume("one too many", 3);
    assertThat(limiter.timeUntilPermit("another")).isPresent();
    assertThat(limiter.timeUntilPermit("key 1")).isEmpty();
    advance(Duration.ofSeconds(1));
    limiter.evictIdle();
    drain("one too many");
    assertThat(limiter.timeUntilPermit("another")).isEmpty();
  }

  private void drain(String key) {
    for (int i = 0; i < 3; i++) {
      assertThat(limiter.tryAcquire(key)).isEmpty();
    }
  }

  private void advance(Duration time) {
    nanos.addAndGet(time.toNanos());
  }
}
