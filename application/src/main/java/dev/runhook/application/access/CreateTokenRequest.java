package dev.runhook.application.access;

import dev.runhook.domain.account.AccountId;
import dev.runhook.domain.account.Grant;
import dev.runhook.domain.account.Role;
import dev.runhook.domain.account.StackScope;
import dev.runhook.domain.account.StackScope.Only;
import dev.runhook.domain.account.TokenId;
import dev.runhook.domain.run.StackId;
import dev.runhook.domain.text.Durations;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// A request to create a token.
///
/// @param name as in [Grant]
/// @param stackScope all stacks, or 1 to 200 stacks that do not have to exist yet
/// @param expiresAt when the token stops working; absent for never
/// @param signInFor how long a link can be used that signs in once with the token, from a second to
///   7 days; absent for no link
public record CreateTokenRequest(
    String name,
    Role role,
    StackScope stackScope,
    Optional<Instant> expiresAt,
    Optional<Duration> signInFor) {
  /// How long a sign-in link can be used by default.
  public static final Duration DEFAULT_SIGN_IN = Duration.ofHours(24);

  private static final Duration MIN_SIGN_IN = Duration.ofSeconds(1);
  private static final Duration MAX_SIGN_IN = Duration.ofDays(7);
  private static final int MAX_STACKS = 200;
  private static final AccountId ANY_ACCOUNT = new AccountId("any");

  public CreateTokenRequest {
    new Grant(TokenId.CONFIGURED_ADMIN, ANY_ACCOUNT, role, stackScope, name);
    if (stackScope instanceof Only(var stacks)) {
      if (stacks.isEmpty() || stacks.size() > MAX_STACKS) {
        throw new IllegalArgumentException(
            "a limited token has 1 to " + MAX_STACKS + " stacks; omit them to allow all stacks");
      }
      stacks.forEach(slug -> new StackId(ANY_ACCOUNT, slug));
    }
    if (signInFor.filter(time -> !isSignInTime(time)).isPresent()) {
      throw new IllegalArgumentException("a sign-in link can be used for 1s to 7d");
    }
  }

  /// Requests a token that never expires.
  public CreateTokenRequest(String name, Role role, StackScope stackScope) {
    this(name, role, stackScope, Optional.empty());
  }

  /// Requests a token without a sign-in link.
  public CreateTokenRequest(
      String name, Role role, StackScope stackScope, Optional<Instant> expiresAt) {
    this(name, role, stackScope, expiresAt, Optional.empty());
  }

  private static boolean isSignInTime(Duration time) {
    return time.compareTo(MIN_SIGN_IN) >= 0 && time.compareTo(MAX_SIGN_IN) <= 0;
  }

  /// Parses how long a sign-in link can be used.
  ///
  /// @throws IllegalArgumentException as [Durations#parse(String, Duration, Duration)] does
  public static Duration parseSignInTime(String text) {
    return Durations.parse(text, MIN_SIGN_IN, MAX_SIGN_IN);
  }

  Grant toGrant(TokenId id, AccountId account) {
    return new Grant(id, account, role, stackScope, name);
  }
}
