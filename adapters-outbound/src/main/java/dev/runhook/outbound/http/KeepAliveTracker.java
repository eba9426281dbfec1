package dev.runhook.outbound.http;

import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// Remembers to whom the client may hold an idle connection. It does not tell whether it used one,
/// so this errs on the side of yes.
final class KeepAliveTracker {
  private static final int MANY = 10_000;
  private static final Duration MARGIN = Duration.ofSeconds(1);

  private final Map<String, Long> lastUsed = new ConcurrentHashMap<>();
  private final long nanos = HttpClientProperties.keepAliveTimeout().plus(MARGIN).toNanos();

  boolean isLikelyOpen(URI uri) {
    Long last = lastUsed.get(uri.getRawAuthority());
    return last != null && System.nanoTime() - last < nanos;
  }

  void recordUse(URI uri) {
    long now = System.nanoTime();
    if (lastUsed.size() >= MANY) {
      lastUsed.values().removeIf(last -> now - last >= nanos);
    }
    lastUsed.put(uri.getRawAuthority(), now);
  }
}
