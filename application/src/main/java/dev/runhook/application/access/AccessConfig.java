package dev.runhook.application.access;

import java.time.Duration;

/// The rate limit and the token cache.
///
/// @param requestsPerSecond the limit of each token, with bursts of twice as many requests; 0 for
///   no limit
/// @param refreshAfter the age at which a cached token is loaded again while it is still used
/// @param ttl how long a cached token is valid; also the maximum time that a token keeps working
///   after it was revoked in another process
public record AccessConfig(int requestsPerSecond, Duration refreshAfter, Duration ttl) {
  public AccessConfig {
    if (requestsPerSecond < 0) {
      throw new IllegalArgumentException(
          "the request rate must be 0 or more per second, not " + requestsPerSecond);
    }
    if (!refreshAfter.isPositive() || ttl.compareTo(refreshAfter) < 0) {
      throw new IllegalArgumentException(
          "cached tokens must be refreshed within their ttl of %s, not after %s"
              .formatted(ttl, refreshAfter));
    }
  }

  public static AccessConfig defaults() {
    return new AccessConfig(0, Duration.ofSeconds(5), Duration.ofSeconds(10));
  }

  public AccessConfig withRequestsPerSecond(int perSecond) {
    return new AccessConfig(perSecond, refreshAfter, ttl);
  }
}
