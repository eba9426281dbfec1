package dev.runhook.http.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class CachedMetricsTest {
  private final AtomicInteger scrapes = new AtomicInteger();
  private final AtomicLong nanos = new AtomicLong();
  private final Metrics metrics =
      new CachedMetrics(() -> "scrapes " + scrapes.incrementAndGet(), nanos::get);

  @Test
  void many_requests_within_a_second_share_a_scrape() {
    assertThat(metrics.scrape()).isEqualTo("scrapes 1");
    assertThat(metrics.scrape()).isEqualTo("scrapes 1");

    nanos.addAndGet(Duration.ofSeconds(1).toNanos());

    assertThat(metrics.scrape()).isEqualTo("scrapes 2");
  }
}
