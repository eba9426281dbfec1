package dev.runhook.domain.account;

import java.time.Duration;
import java.time.Instant;

/// A person's time at the page, in the name of a token. It opens what the token opens, as long as
/// the token opens it.
///
/// @param token the hash of the token that was shown to begin it
/// @param usedAt to a minute
public record WebSession(SessionId id, TokenHash token, Instant startedAt, Instant lastUsedAt) {
  /// A session that is not used for so long is over.
  public static final Duration IDLE_TIMEOUT = Duration.ofHours(2);

  /// And every one after so long.
  public static final Duration MAX_LIFETIME = Duration.ofHours(12);

  public static WebSession started(SessionId id, TokenHash token, Instant now) {
    return new WebSession(id, token, now, now);
  }

  /// When it ends at the latest, however much it is used.
  public Instant expiresAt() {
    return startedAt.plus(MAX_LIFETIME);
  }

  public boolean isExpired(Instant now) {
    return !now.isBefore(expiresAt()) || !now.isBefore(lastUsedAt.plus(IDLE_TIMEOUT));
  }
}
