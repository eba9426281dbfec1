package dev.runhook.domain.signing;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The secrets of a webhook: the current one and, for a while after a change, the one before.
public record SigningKeys(SigningSecret current, Optional<PreviousSecret> previous) {
  /// A secret that stays in force in `webhook-signature` until that instant, exclusive.
  public record PreviousSecret(SigningSecret secret, Instant expiresAt) {}

  public static SigningKeys of(SigningSecret secret) {
    return new SigningKeys(secret, Optional.empty());
  }

  /// These keys with a new current secret; the old one stays in force for the overlap, if it can be
  /// read. An earlier retired one ends now.
  public SigningKeys rotated(SigningSecret next, Instant now, Duration overlap) {
    return new SigningKeys(
        next,
        overlap.isPositive() && current.isDecrypted()
            ? Optional.of(new PreviousSecret(current, now.plus(overlap)))
            : Optional.empty());
  }

  /// These keys without a retired secret.
  public SigningKeys withoutPrevious() {
    return of(current);
  }

  /// These keys as they are in force then: a retired secret whose time has passed is gone.
  public SigningKeys withoutExpired(Instant now) {
    return previous.filter(old -> !now.isBefore(old.expiresAt())).isPresent()
        ? withoutPrevious()
        : this;
  }

  /// All secrets in force, the current one first.
  public List<SigningSecret> activeSecrets(Instant now) {
    List<SigningSecret> secrets = new ArrayList<>(List.of(current));
    withoutExpired(now).previous().ifPresent(old -> secrets.add(old.secret()));
    return List.copyOf(secrets);
  }
}
