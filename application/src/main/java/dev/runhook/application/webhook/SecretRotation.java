package dev.runhook.application.webhook;

import dev.runhook.domain.signing.SigningSecret;
import java.time.Duration;
import java.util.Optional;

/// A rotation of a webhook's secret.
///
/// @param secret absent to have one generated
/// @param overlap how long the previous secret stays active, 0 to 30 days
public record SecretRotation(Optional<SigningSecret> secret, Duration overlap) {
  private static final Duration MAX_OVERLAP = Duration.ofDays(30);

  public SecretRotation {
    if (overlap.isNegative() || overlap.compareTo(MAX_OVERLAP) > 0) {
      throw new IllegalArgumentException("the overlap must be at most 30d");
    }
  }
}
