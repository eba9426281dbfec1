package dev.runhook.domain.signing;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// The secrets of a webhook: the current one and, for a while after a rotation, the previous one.
public record SigningKeys(SigningSecret current, Optional<PreviousSecret> previous) {
  /// A secret that still signs `webhook-signature` until `expiresAt`, exclusive.
  public record PreviousSecret(SigningSecret secret, Instant expiresAt) {}

  public static SigningKeys of(SigningSecret secret) {
    return new SigningKeys(secret, Optional.empty());
  }

  /// Returns these keys with a new current secret. The old one stays active for the overlap if it
  /// can be decrypted. An earlier previous secret expires immediately.
  public SigningKeys rotated(SigningSecret next, Instant now, Duration overlap) {
    return new SigningKeys(
        next,
        overlap.isPositive() && current.isDecrypted()
            ? Optional.of(new PreviousSecret(current, now.plus(overlap)))
            : Optional.empty());
  }

  public SigningKeys withoutPrevious() {
    return of(current);
  }

  /// Returns these keys without the previous secret if it has expired.
  public SigningKeys withoutExpired(Instant now) {
    return new SigningKeys(current, previous.filter(secret -> now.isBefore(secret.expiresAt())));
  }

  /// Returns the active secrets, the current one first.
  public List<SigningSecret> activeSecrets(Instant now) {
    Stream<SigningSecret> active =
        withoutExpired(now).previous().stream().map(PreviousSecret::secret);
    return Stream.concat(Stream.of(current), active).toList();
  }
}
