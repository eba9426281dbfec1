package dev.runhook.domain.account;

import java.time.Instant;
import java.util.Optional;

/// What is known of a token: all but its text.
///
/// @param createdBy the name of the token by which it was created
/// @param lastUsedAt to a few minutes; absent where it never was
/// @param revokedAt since when it opens nothing any more; it stays known for what was done in its
///   name
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
