package dev.runhook.application.webhook;

import dev.runhook.domain.signing.SigningSecret;
import java.time.Duration;
import java.util.Optional;

/// A change of secret.
///
/// @param secret absent to have one generated
/// @param overlap how long the old one stays in force, 0 to 30 days
public record SecretRotation(Optional<SigningSecret> secret, Duration overlap) {
  private static final Duration LONGEST = Duration.ofDays(30);

  public SecretRotation {
    if (overlap.isNegative() || overlap.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException("the overlap is PT0S to P30D, not " + overlap);
    }
  }
}
