package dev.runhook.application.access;

import dev.runhook.application.spi.Transactor;
import dev.runhook.domain.account.Grant;
import dev.runhook.domain.account.SessionKey;
import dev.runhook.domain.account.WebSession;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/// Signs users in to the web UI. A user enters a token once, and the session then has the token's
/// permissions. Thread-safe.
///
/// Each request asks [Access] for the token's current permissions, so a session ends when its token
/// is revoked or removed from the configuration.
public interface SignIn {
  /// @param random a cryptographically strong generator
  /// @param ticker a monotonic clock in nanoseconds, such as `System::nanoTime`
  static SignIn using(
      Transactor transactor, Access access, RandomGenerator random, LongSupplier ticker) {
    return new TransactionalSignIn(transactor, access, random, ticker);
  }

  /// A new session with its key, which cannot be read again.
  record NewSession(SessionKey key, ActiveSession active) {}

  /// A session and the current grant of its token.
  record ActiveSession(WebSession session, Grant grant) {}

  /// Starts a session. A [RefusedException][dev.runhook.application.RefusedException] is thrown if
  /// the token is not valid.
  ///
  /// @param origin where the request came from, as for [Access#authenticate]
  NewSession signIn(String token, String origin);

  /// Continues a session and counts a use of it. A session that does not exist or has expired is
  /// refused. Each origin may look up only a few unknown keys. This limit does not affect sessions
  /// that this process has seen before.
  ActiveSession resume(String key, String origin);

  /// Ends a session in all processes. A session that does not exist is ignored.
  void signOut(String key);
}
