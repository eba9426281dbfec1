package dev.runhook.domain.account;

import java.util.UUID;

/// The id of a token. It is not a secret.
public record TokenId(UUID value) {
  /// The id of the admin token that the configuration sets. This token is not in the store and
  /// cannot be revoked through the API.
  public static final TokenId CONFIGURED_ADMIN = new TokenId(new UUID(0, 0));

  @Override
  public String toString() {
    return value.toString();
  }
}
