package dev.runhook.application.audit;

import dev.runhook.domain.account.Grant;
import dev.runhook.domain.account.TokenId;
import java.util.Optional;

/// Who performs an action, as shown to users: usually the name of a token.
///
/// @param token the token that was used; absent if a host application vouches for the actor
public record Actor(String name, Optional<TokenId> token) {
  public Actor(String name) {
    this(name, Optional.empty());
  }

  public static Actor of(Grant grant) {
    return new Actor(grant.name(), Optional.of(grant.token()));
  }
}
