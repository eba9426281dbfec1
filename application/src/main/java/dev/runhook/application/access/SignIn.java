package dev.runhook.application.access;

import dev.runhook.application.spi.Transactor;
import dev.runhook.domain.account.Grant;
import dev.runhook.domain.account.SessionKey;
import dev.runhook.domain.account.WebSession;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/// For people at the page: a token is shown once, and a session goes on in its name. Thread-safe.
///
/// A session opens nothing by itself: each request asks [Access] anew what the token opens, so that
/// one whose token is revoked, or is no longer the configuration's, is over with it.
public interface SignIn {
  static SignIn using(Transactor transactor, Access access, Sources sources) {
    return new TransactionalSignIn(transactor, access, sources);
  }

  /// Where keys and time come from.
  ///
  /// @param random a cryptographically strong generator
  /// @param ticker nanoseconds that only grow, as `System::nanoTime`
  record Sources(RandomGenerator random, LongSupplier ticker) {}

  /// A session that has begun, with the key that nobody can have again.
  record NewSession(SessionKey key, ActiveSession active) {}

  /// A session, and what its token opens.
  record ActiveSession(WebSession session, Grant grant) {}

  /// Begins a session; a [RefusedException][dev.runhook.application.RefusedException] where the
  /// token is nobody's.
  ///
  /// @param origin where the request came from, as for [Access#authenticate]
  NewSession signIn(String token, String origin);

  /// Goes on with a session, which counts as a use of it; refused where there is none or it is
  /// over. Keys that are nobody's are looked up a few times for each origin, then refused unseen;
  /// that keeps out nobody whose session was seen here before.
  ActiveSession resume(String key, String origin);

  /// Ends a session for good, in all processes at once; one that is over already is no error.
  void signOut(String key);
}
