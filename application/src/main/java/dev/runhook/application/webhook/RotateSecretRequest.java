package dev.runhook.application.webhook;

import dev.runhook.domain.signing.SigningSecret;
import java.time.Duration;
import java.util.Optional;

/// A request to rotate a webhook's secret.
///
/// @param secret absent to have one generated
/// @param overlap how long the previous secret stays active, 0 to 30 days
public record RotateSecretRequest(Optional<SigningSecret> secret, Duration overlap) {
  private static final Duration MAX_OVERLAP = Duration.ofDays(30);

  public RotateSecretRequest {
    if (overlap.isNegative() || overlap.compareTo(MAX_OVERLAP) > 0) {
      throw new IllegalArgumentException("the overlap must be at most 30d");
    }
  }
}
