package dev.runhook.application.access;

import java.time.Duration;

/// How strictly requests are judged.
///
/// @param requestsPerSecond of one token, with up to twice as many at once; 0 for any number
/// @param renewAfter when what is known of a token is looked up again, while it still counts
/// @param life how long it counts: whoever is let in by it may have been revoked, elsewhere, no
///   longer ago
public record AccessConfig(int requestsPerSecond, Duration refreshAfter, Duration ttl) {
  public AccessConfig {
    if (requestsPerSecond < 0) {
      throw new IllegalArgumentException(
          "a rate is 0 or more requests a second, not " + requestsPerSecond);
    }
    if (!refreshAfter.isPositive() || ttl.compareTo(refreshAfter) < 0) {
      throw new IllegalArgumentException(
          "what is known is renewed within its life, not after " + refreshAfter + " of " + ttl);
    }
  }

  public static AccessConfig defaults() {
    return new AccessConfig(0, Duration.ofSeconds(5), Duration.ofSeconds(10));
  }

  public AccessConfig withRequestsPerSecond(int perSecond) {
    return new AccessConfig(perSecond, refreshAfter, ttl);
  }
}
