package dev.runhook.application.access;

import dev.runhook.application.Refusal.NotAuthenticated;
import dev.runhook.application.Refusal.SessionExpired;
import dev.runhook.application.Refusal.TokenUnknown;
import dev.runhook.application.RefusedException;
import dev.runhook.application.spi.Sessions;
import dev.runhook.application.spi.Transactor;
import dev.runhook.application.spi.UnitOfWork;
import dev.runhook.domain.account.Grant;
import dev.runhook.domain.account.SessionId;
import dev.runhook.domain.account.SessionKey;
import dev.runhook.domain.account.TokenHash;
import dev.runhook.domain.account.WebSession;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

final class TransactionalSignIn implements SignIn {
  private static final Duration SAVE_USES_EVERY = Duration.ofMinutes(1);
  private static final int MAX_SEEN = 10_000;

  private final Transactor transactor;
  private final Access access;
  private final RandomGenerator random;
  private final RequestLimits requestLimits;
  private final Set<SessionId> seen = ConcurrentHashMap.newKeySet();

  TransactionalSignIn(
      Transactor transactor, Access access, RandomGenerator random, LongSupplier ticker) {
    this.transactor = transactor;
    this.access = access;
    this.random = random;
    this.requestLimits = new RequestLimits(AccessConfig.defaults(), ticker);
  }

  @Override
  public NewSession signIn(String token, String origin) {
    Grant grant = authenticate(token, origin);
    SessionKey key = SessionKey.generate(random);
    WebSession session =
        transactor.inTransaction(unit -> {
          Instant now = unit.now();
          unit.sessions()
              .endOlderThan(now.minus(WebSession.MAX_LIFETIME), now.minus(WebSession.IDLE_TIMEOUT));
          WebSession started = WebSession.started(key.id(), TokenHash.of(token), now);
          unit.sessions().add(started);
          return started;
        });
    remember(key.id());
    return new NewSession(key, new ActiveSession(session, grant));
  }

  @Override
  public ActiveSession resume(String text, String origin) {
    SessionKey key = SessionKey.parse(text).orElseThrow(TransactionalSignIn::expired);
    SessionId id = key.id();
    boolean isNew = !seen.contains(id);
    if (isNew) {
      requestLimits.requireUnknownPermit(origin);
    }
    Optional<WebSession> session =
        transactor.<Optional<WebSession>>inTransaction(unit -> findCurrent(unit, id));
    if (session.isEmpty()) {
      seen.remove(id);
      if (isNew) {
        requestLimits.consumeUnknownPermit(origin);
      }
      throw expired();
    }
    remember(id);
    return new ActiveSession(session.get(), grantOf(session.get(), origin));
  }

  @Override
  public void signOut(String text) {
    SessionKey.parse(text)
        .map(SessionKey::id)
        .ifPresent(id -> {
          transactor.run(unit -> unit.sessions().end(id));
          seen.remove(id);
        });
  }

  private Grant authenticate(String token, String origin) {
    try {
      return access.authenticate(token, origin);
    } catch (RefusedException e) {
      throw e.refusal() instanceof NotAuthenticated ? new RefusedException(new TokenUnknown()) : e;
    }
  }

  private Grant grantOf(WebSession session, String origin) {
    try {
      return access.authenticateByHash(session.token(), origin);
    } catch (RefusedException e) {
      throw e.refusal() instanceof NotAuthenticated ? expired() : e;
    }
  }

  private static Optional<WebSession> findCurrent(UnitOfWork unit, SessionId id) {
    Sessions sessions = unit.sessions();
    Instant now = unit.now();
    Optional<WebSession> found = sessions.find(id);
    if (found.isPresent() && found.get().isExpired(now)) {
      sessions.end(id);
      return Optional.empty();
    }
    found
        .filter(session -> session.lastUsedAt().plus(SAVE_USES_EVERY).isBefore(now))
        .ifPresent(_ -> sessions.touch(id));
    return found;
  }

  private void remember(SessionId id) {
    if (seen.size() < MAX_SEEN) {
      seen.add(id);
    } else {
      seen.clear(); // active sessions return with their next request
    }
  }

  private static RefusedException expired() {
    return new RefusedException(new SessionExpired());
  }
}
