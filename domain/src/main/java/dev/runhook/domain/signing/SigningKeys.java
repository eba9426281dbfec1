package dev.runhook.domain.signing;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The secrets of a webhook: the current one and, for a while after a change, the one before.
public record SigningKeys(SigningSecret current, Optional<Retired> retired) {
  /// A secret that stays in force in `webhook-signature` until that instant, exclusive.
  public record Retired(SigningSecret secret, Instant until) {}

  public static SigningKeys of(SigningSecret secret) {
    return new SigningKeys(secret, Optional.empty());
  }

  /// These keys with a new current secret; the old one stays in force for the overlap. An earlier
  /// retired one ends now.
  public SigningKeys rotated(SigningSecret next, Instant now, Duration overlap) {
    return new SigningKeys(
        next,
        overlap.isPositive()
            ? Optional.of(new Retired(current, now.plus(overlap)))
            : Optional.empty());
  }

  /// All secrets in force, the current one first.
  public List<SigningSecret> inForce(Instant now) {
    List<SigningSecret> secrets = new ArrayList<>(List.of(current));
    retired.filter(old -> now.isBefore(old.until())).ifPresent(old -> secrets.add(old.secret()));
    return List.copyOf(secrets);
  }
}
