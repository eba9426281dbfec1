package dev.runhook.application;

import dev.runhook.domain.account.Grant;
import dev.runhook.domain.account.TokenId;
import java.util.Optional;

/// The person or system in whose name something is done, as it is told to others: the name of a
/// token, say.
///
/// @param token what it showed; absent where a host vouches for it
public record Actor(String name, Optional<TokenId> token) {
  public Actor(String name) {
    this(name, Optional.empty());
  }

  public static Actor of(Grant grant) {
    return new Actor(grant.name(), Optional.of(grant.token()));
  }
}
