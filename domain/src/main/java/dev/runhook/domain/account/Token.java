package dev.runhook.domain.account;

import java.time.Instant;
import java.util.Optional;

/// A token as it is stored, without its secret.
///
/// @param createdBy the name of the token that created this one
/// @param lastUsedAt accurate to a few minutes; absent if the token was never used
/// @param revokedAt when the token stopped working; revoked tokens are kept so that audit events
///   can refer to them
public record Token(
    Grant grant,
    Instant createdAt,
    String createdBy,
    Optional<Instant> lastUsedAt,
    Optional<Instant> revokedAt) {
  public static Token created(Grant grant, Instant at, String by) {
    return new Token(grant, at, by, Optional.empty(), Optional.empty());
  }

  public boolean isRevoked() {
    return revokedAt.isPresent();
  }
}
