package dev.runhook.outbound.http;

import dev.runhook.outbound.HttpClientProperties;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// Estimates whether the client has an idle connection to a receiver. The client does not report
/// whether it reused a connection, so the estimate errs toward yes. Thread-safe.
final class KeepAliveTracker {
  private static final int MAX_RECEIVERS = 10_000;
  private static final Duration MARGIN = Duration.ofSeconds(1);

  private final Map<ConnectionKey, Long> lastUsed = new ConcurrentHashMap<>();
  private final long nanos = HttpClientProperties.keepAliveTimeout().plus(MARGIN).toNanos();

  boolean isLikelyOpen(ConnectionKey key) {
    Long last = lastUsed.get(key);
    return last != null && System.nanoTime() - last < nanos;
  }

  void recordUse(ConnectionKey key) {
    long now = System.nanoTime();
    if (lastUsed.size() >= MAX_RECEIVERS) {
      lastUsed.values().removeIf(last -> now - last >= nanos);
    }
    lastUsed.put(key, now);
  }
}
