package dev.runhook.domain.account;

import java.time.Instant;
import java.util.Optional;

/// A token as it is stored, without its secret.
///
/// @param createdBy the name of the token that created this one
/// @param expiresAt when the token stops working; absent for never
/// @param lastUsedAt accurate to a few minutes; absent if the token was never used
/// @param revokedAt when the token stopped working; revoked tokens are kept so that audit events
///   can refer to them
public record Token(
    Grant grant,
    Instant createdAt,
    String createdBy,
    Optional<Instant> expiresAt,
    Optional<Instant> lastUsedAt,
    Optional<Instant> revokedAt) {
  public static Token created(Grant grant, Instant at, String by, Optional<Instant> expiresAt) {
    return new Token(grant, at, by, expiresAt, Optional.empty(), Optional.empty());
  }

  public Token withName(String name) {
    Grant renamed =
        new Grant(grant.token(), grant.account(), grant.role(), grant.stackScope(), name);
    return new Token(renamed, createdAt, createdBy, expiresAt, lastUsedAt, revokedAt);
  }

  /// Returns whether the token works: it is neither revoked nor expired.
  public boolean isValid(Instant now) {
    return !isRevoked() && expiresAt.map(now::isBefore).orElse(true);
  }

  public boolean isRevoked() {
    return revokedAt.isPresent();
  }
}
