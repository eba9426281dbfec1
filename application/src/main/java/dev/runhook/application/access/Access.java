package dev.runhook.application.access;

import dev.runhook.application.spi.Transactor;
import dev.runhook.domain.account.Grant;
import dev.runhook.domain.account.Role;
import dev.runhook.domain.account.TokenHash;
import dev.runhook.domain.account.TokenId;
import dev.runhook.domain.run.StackId;
import java.util.Map;
import java.util.function.LongSupplier;

/// Says who asks and whether they may. The one place where that is decided. Thread-safe.
public interface Access {
  /// @param fixed grants by the hash of their token that are in no store, such as that of the first
  ///   admin
  /// @param ticker nanoseconds that only grow, as `System::nanoTime`
  static Access using(
      Transactor transactor, Map<TokenHash, Grant> fixed, AccessConfig rules, LongSupplier ticker) {
    return new CachingAccess(
        fixed, new TokenCache(transactor, rules, ticker), new RequestLimits(rules, ticker));
  }

  /// Whose token this is, and one request on its account; a [RefusedException] when it is nobody's,
  /// or has made too many.
  ///
  /// Tokens that were found lately are known for the rules' life, and the store is asked again
  /// afterwards. Texts that cannot be tokens never reach it; those that could, but are nobody's, a
  /// few times for each origin: then tokens that were never seen here have to wait, while those
  /// that were come in as ever.
  ///
  /// @param origin where the request came from, such as its address
  Grant authenticate(String token, String origin);

  /// The same for a token that was authenticated before, by the hash that was kept of it.
  Grant authenticateByHash(TokenHash token, String origin);

  /// Returns quietly if the bearer of the grant has the role; a [RefusedException] otherwise.
  void authorize(Grant grant, Role needed);

  /// The stack of that slug in the bearer's account. A [RefusedException] says that there is none
  /// when the stack is out of reach, before it says that the role does not suffice: what one may
  /// not see does not exist.
  StackId authorize(Grant grant, Role needed, String stack);

  /// Counts a request that was let in as so many more: it is served, and the next ones wait for it.
  void consume(Grant grant, int more);

  /// Is told that a token was revoked: from now on it opens nothing here.
  void invalidate(TokenId token);

  /// For a timer, once a minute: keeps when tokens were last used, and forgets what is idle.
  void flush();
}
