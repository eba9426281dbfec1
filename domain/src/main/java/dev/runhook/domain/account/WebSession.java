package dev.runhook.domain.account;

import java.time.Duration;
import java.time.Instant;

/// A session of the web UI. It has the permissions of the token that started it, as long as that
/// token is valid.
///
/// @param token the hash of the token that started the session
/// @param lastUsedAt accurate to a minute
public record WebSession(
    SessionId id, TokenHash token, Owner owner, Instant startedAt, Instant lastUsedAt) {
  /// Who started a session, and with what.
  ///
  /// @param name the name of the token at that time
  public record Owner(AccountId account, TokenId token, String name, Browser browser) {
    public static Owner of(Grant grant, Browser browser) {
      return new Owner(grant.account(), grant.token(), grant.name(), browser);
    }
  }

  /// A session expires after this time without a request.
  public static final Duration IDLE_TIMEOUT = Duration.ofHours(2);

  /// A session expires after this time even if it is used.
  public static final Duration MAX_LIFETIME = Duration.ofHours(12);

  public static WebSession started(SessionId id, TokenHash token, Owner owner, Instant now) {
    return new WebSession(id, token, owner, now, now);
  }

  /// Returns the latest time at which the session expires.
  public Instant expiresAt() {
    return startedAt.plus(MAX_LIFETIME);
  }

  public boolean isExpired(Instant now) {
    return !now.isBefore(expiresAt()) || !now.isBefore(lastUsedAt.plus(IDLE_TIMEOUT));
  }
}
