package dev.runhook.application.access;

import java.time.Duration;

/// The rate limits and the token cache. Rate limits allow bursts of twice as many; 0 means
/// unlimited.
///
/// @param requestsPerSecond the limit of each token
/// @param transitionsPerSecond the limit of the runs and transitions that an account reports
/// @param ttl how long a cached token is valid after the store has confirmed it; also the maximum
///   time that a token keeps working after it was revoked in another process
/// @param outageTtl the same while the store does not answer
public record AccessConfig(
    int requestsPerSecond, int transitionsPerSecond, Duration ttl, Duration outageTtl) {
  public AccessConfig {
    if (requestsPerSecond < 0 || transitionsPerSecond < 0) {
      throw new IllegalArgumentException("a rate limit must be 0 or more per second");
    }
    if (!ttl.isPositive() || outageTtl.compareTo(ttl) < 0) {
      throw new IllegalArgumentException(
          "cached tokens must be valid for some time, and for %s or more during an outage, not for %s"
              .formatted(ttl, outageTtl));
    }
  }

  public static AccessConfig defaults() {
    return new AccessConfig(0, 0, Duration.ofSeconds(10), Duration.ofHours(1));
  }

  public AccessConfig withRequestsPerSecond(int perSecond) {
    return new AccessConfig(perSecond, transitionsPerSecond, ttl, outageTtl);
  }

  public AccessConfig withTransitionsPerSecond(int perSecond) {
    return new AccessConfig(requestsPerSecond, perSecond, ttl, outageTtl);
  }
}
