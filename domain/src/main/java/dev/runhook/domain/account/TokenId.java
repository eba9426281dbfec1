package dev.runhook.domain.account;

import java.util.UUID;

/// A token, as it may be named to anybody who may know of it: the id opens nothing.
public record TokenId(UUID value) {
  /// That of the token which the configuration gives. It is in no store, and nobody can revoke it
  /// but who configures.
  public static final TokenId CONFIGURED_ADMIN = new TokenId(new UUID(0, 0));

  @Override
  public String toString() {
    return value.toString();
  }
}
