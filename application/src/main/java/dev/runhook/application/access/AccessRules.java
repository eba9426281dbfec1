package dev.runhook.application.access;

import java.time.Duration;

/// How strictly requests are judged.
///
/// @param requestsPerSecond of one token, with up to twice as many at once; 0 for any number
/// @param renewAfter when what is known of a token is looked up again, while it still counts
/// @param life how long it counts: whoever is let in by it may have been revoked, elsewhere, no
///   longer ago
public record AccessRules(int requestsPerSecond, Duration renewAfter, Duration life) {
  public AccessRules {
    if (requestsPerSecond < 0) {
      throw new IllegalArgumentException(
          "a rate is 0 or more requests a second, not " + requestsPerSecond);
    }
    if (!renewAfter.isPositive() || life.compareTo(renewAfter) < 0) {
      throw new IllegalArgumentException(
          "what is known is renewed within its life, not after " + renewAfter + " of " + life);
    }
  }

  public static AccessRules usual() {
    return new AccessRules(0, Duration.ofSeconds(5), Duration.ofSeconds(10));
  }

  public AccessRules atMost(int perSecond) {
    return new AccessRules(perSecond, renewAfter, life);
  }
}
