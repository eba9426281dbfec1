package dev.runhook.application.access;

import java.time.Duration;

/// The rate limits and the token cache. Rate limits allow bursts of twice as many; 0 means
/// unlimited.
///
/// @param requestsPerSecond the limit of each token
/// @param transitionsPerSecond the limit of the runs and transitions that an account reports
/// @param refreshAfter the age at which a cached token is loaded again while it is still used
/// @param ttl how long a cached token is valid; also the maximum time that a token keeps working
///   after it was revoked in another process
public record AccessConfig(
    int requestsPerSecond, int transitionsPerSecond, Duration refreshAfter, Duration ttl) {
  public AccessConfig {
    if (requestsPerSecond < 0 || transitionsPerSecond < 0) {
      throw new IllegalArgumentException("a rate limit must be 0 or more per second");
    }
    if (!refreshAfter.isPositive() || ttl.compareTo(refreshAfter) < 0) {
      throw new IllegalArgumentException(
          "cached tokens must be refreshed within their ttl of %s, not after %s"
              .formatted(ttl, refreshAfter));
    }
  }

  public static AccessConfig defaults() {
    return new AccessConfig(0, 0, Duration.ofSeconds(5), Duration.ofSeconds(10));
  }

  public AccessConfig withRequestsPerSecond(int perSecond) {
    return new AccessConfig(perSecond, transitionsPerSecond, refreshAfter, ttl);
  }

  public AccessConfig withTransitionsPerSecond(int perSecond) {
    return new AccessConfig(requestsPerSecond, perSecond, refreshAfter, ttl);
  }
}
