package dev.runhook.http.server;

import java.time.Duration;
import java.util.function.LongSupplier;

/// Returns the same metrics for a second, because `/metrics` needs no token and a scrape takes
/// milliseconds. Thread-safe.
final class CachedMetrics implements Metrics {
  private static final Duration MAX_AGE = Duration.ofSeconds(1);

  private final Metrics source;
  private final LongSupplier ticker;
  private String latest = ""; // guarded by this
  private long scrapedAt; // guarded by this

  /// @param ticker a monotonic clock in nanoseconds, such as `System::nanoTime`
  CachedMetrics(Metrics source, LongSupplier ticker) {
    this.source = source;
    this.ticker = ticker;
  }

  @Override
  public synchronized String scrape() {
    long now = ticker.getAsLong();
    if (latest.isEmpty() || now - scrapedAt >= MAX_AGE.toNanos()) {
      latest = source.scrape();
      scrapedAt = now;
    }
    return latest;
  }
}
