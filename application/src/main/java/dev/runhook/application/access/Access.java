package dev.runhook.application.access;

import dev.runhook.application.spi.Transactor;
import dev.runhook.domain.account.Grant;
import dev.runhook.domain.account.Role;
import dev.runhook.domain.account.TokenHash;
import dev.runhook.domain.account.TokenId;
import dev.runhook.domain.run.StackId;
import java.util.Map;
import java.util.function.LongSupplier;

/// Authenticates tokens and authorizes requests. This is the only place where that is decided.
/// Thread-safe.
public interface Access {
  /// @param fixed grants that are not in the store, by the hash of their token, such as the
  ///   configured admin's
  /// @param ticker a monotonic clock in nanoseconds, such as `System::nanoTime`
  static Access using(
      Transactor transactor,
      Map<TokenHash, Grant> fixed,
      AccessConfig config,
      LongSupplier ticker) {
    return new CachingAccess(
        fixed, new TokenCache(transactor, config, ticker), new RequestLimits(config, ticker));
  }

  /// Returns the grant of a token and counts one request for it. A
  /// [dev.runhook.application.RefusedException] is thrown if the token is not valid or has made too
  /// many requests.
  ///
  /// Tokens are cached for [AccessConfig#ttl]. Texts without the format of a token are refused
  /// without a lookup. Each origin may look up only a few unknown tokens. After that, tokens that
  /// are not in the cache must wait, but cached ones are not affected.
  ///
  /// @param origin where the request came from, such as its address
  Grant authenticate(String token, String origin);

  /// Authenticates a token by its hash, as [#authenticate] does, if its text is not known any more.
  Grant authenticateByHash(TokenHash token, String origin);

  /// Returns normally if the grant has the role, and throws a
  /// [dev.runhook.application.RefusedException] otherwise.
  void authorize(Grant grant, Role needed);

  /// Returns the stack with this slug in the grant's account. A stack outside of the grant's scope
  /// is reported as missing even if the role is not sufficient, so that callers cannot discover it.
  StackId authorize(Grant grant, Role needed, String stack);

  /// Counts an admitted request as `more` additional requests. The next requests of the token wait
  /// for them.
  void consume(Grant grant, int more);

  /// Removes a revoked token from the cache, so that it stops working in this process immediately.
  void invalidate(TokenId token);

  /// Saves when tokens were last used, and evicts idle ones. Call it once a minute.
  void flush();
}
