package dev.runhook.application.access;

import dev.runhook.application.audit.Actor;
import dev.runhook.application.audit.AuditWriter;
import dev.runhook.application.refusal.Refusal;
import dev.runhook.application.refusal.RefusedException;
import dev.runhook.application.spi.Bucket;
import dev.runhook.application.spi.IdGenerator;
import dev.runhook.application.spi.UnitOfWork;
import dev.runhook.application.spi.account.Sessions;
import dev.runhook.domain.account.Browser;
import dev.runhook.domain.account.Grant;
import dev.runhook.domain.account.SessionId;
import dev.runhook.domain.account.SessionKey;
import dev.runhook.domain.account.TokenHash;
import dev.runhook.domain.account.WebSession;
import dev.runhook.domain.account.WebSession.Owner;
import dev.runhook.domain.audit.AuditAction;
import dev.runhook.domain.audit.AuditDetail;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/// Signs users in to the web UI. A user enters a token once, and the session then has the token's
/// permissions. Thread-safe.
///
/// Each request asks [Access] for the token's current permissions, so a session ends when its token
/// is revoked or removed from the configuration.
public final class SignIn {
  private static final Duration SAVE_USES_EVERY = Duration.ofMinutes(1);
  private static final int MAX_SEEN = 10_000;
  private static final Refusal LINK_INVALID = new Refusal.SignInLinkInvalid();

  /// As many as the list of sessions shows.
  private static final int MAX_SESSIONS_PER_TOKEN = TokenAdmin.MAX_SESSIONS;

  private final Bucket transactor;
  private final Access access;
  private final AuditWriter auditWriter;
  private final RandomGenerator random;
  private final RequestLimits requestLimits;
  private final Set<SessionId> seen = ConcurrentHashMap.newKeySet();

  /// @param random a cryptographically strong generator
  /// @param ticker a monotonic clock in nanoseconds, such as `System::nanoTime`
  public SignIn(
      Bucket transactor,
      Access access,
      IdGenerator ids,
      RandomGenerator random,
      LongSupplier ticker) {
    this.transactor = transactor;
    this.access = access;
    this.auditWriter = new AuditWriter(ids);
    this.random = random;
    this.requestLimits = new RequestLimits(AccessConfig.defaults(), ticker);
  }

  /// A new session with its key, which cannot be read again.
  public record NewSession(SessionKey key, ActiveSession active) {}

  /// A session and the current grant of its token.
  public record ActiveSession(WebSession session, Grant grant) {}

  /// Returns the grant of a token, as [Access#authenticate] does. A token that is not valid is
  /// refused as unknown.
  public Grant authenticate(String token, String origin) {
    return authenticate(() -> access.authenticate(token, origin), new Refusal.TokenUnknown());
  }

  /// Returns the grant of the token to which the code of a sign-in link belongs, and leaves the
  /// code as it is. A code that is unknown, was used or has expired is refused, always in the same
  /// way, and so is one whose token is not valid. Each origin may use only a few of them.
  public Grant findByLink(String code, String origin) {
    TokenHash hash = TokenHash.of(code);
    requestLimits.requireLookupPermit(hash.hex());
    TokenHash token =
        transactor
            .<Optional<TokenHash>>inTransaction(unit -> unit.tokens().findBySignInCode(hash))
            .orElseThrow(() -> requestLimits.unknownHash(hash.hex(), origin, LINK_INVALID));
    return authenticate(() -> access.authenticateByHash(token, origin), LINK_INVALID);
  }

  /// Starts a session. The token's least recently used session ends if it has too many.
  ///
  /// @param grant the result of [#authenticate] for this token
  public NewSession start(String token, Grant grant, Browser browser) {
    return start(grant, browser, unit -> TokenHash.of(token));
  }

  /// Starts a session with a sign-in link, whose code is then spent. The same code is refused at
  /// any later time.
  ///
  /// @param grant the result of [#findByLink] for this code
  public NewSession startByLink(String code, Grant grant, Browser browser) {
    return start(
        grant,
        browser,
        unit -> {
          TokenHash token =
              unit.tokens()
                  .useSignInCode(TokenHash.of(code))
                  .orElseThrow(() -> new RefusedException(LINK_INVALID));
          auditWriter.write(
              unit,
              Actor.of(grant),
              AuditAction.SIGN_IN_LINK_USED,
              grant.account(),
              Optional.of(grant.token().value()),
              Map.of(AuditDetail.NAME, grant.name()));
          return token;
        });
  }

  private NewSession start(Grant grant, Browser browser, Function<UnitOfWork, TokenHash> token) {
    SessionKey key = SessionKey.generate(random);
    WebSession session =
        transactor.inTransaction(unit -> {
          Instant now = unit.now();
          unit.sessions().endUnusedSince(now.minus(WebSession.IDLE_TIMEOUT));
          WebSession started =
              WebSession.started(key.id(), token.apply(unit), Owner.of(grant, browser), now);
          unit.sessions().add(started);
          unit.sessions().endAllBut(MAX_SESSIONS_PER_TOKEN, grant.account(), grant.token());
          return started;
        });
    remember(key.id());
    return new NewSession(key, new ActiveSession(session, grant));
  }

  /// Continues a session and counts a use of it. A session that does not exist or has expired is
  /// refused. Each origin may use only a few unknown keys. This limit does not affect current
  /// sessions.
  ///
  /// @param keys the first one with a current session is used
  public ActiveSession resume(List<String> keys, String origin) {
    RefusedException refused = expired();
    for (String key : keys) {
      try {
        return resume(key, origin);
      } catch (RefusedException e) {
        refused = e;
        if (!(e.refusal() instanceof Refusal.SessionExpired)) {
          break;
        }
      }
    }
    throw refused;
  }

  private ActiveSession resume(String text, String origin) {
    SessionKey key = SessionKey.parse(text).orElseThrow(SignIn::expired);
    SessionId id = key.id();
    boolean isNew = !seen.contains(id);
    if (isNew) {
      requestLimits.requireLookupPermit(id.hex());
    }
    Optional<WebSession> session =
        transactor.<Optional<WebSession>>inTransaction(unit -> findCurrent(unit, id));
    if (session.isEmpty()) {
      seen.remove(id);
      throw isNew
          ? requestLimits.unknownHash(id.hex(), origin, new Refusal.SessionExpired())
          : expired();
    }
    remember(id);
    TokenHash token = session.get().token();
    Grant grant =
        authenticate(() -> access.authenticateByHash(token, origin), new Refusal.SessionExpired());
    return new ActiveSession(session.get(), grant);
  }

  /// Ends a session in all processes. A session that does not exist is ignored.
  public void signOut(String text) {
    SessionKey.parse(text)
        .map(SessionKey::id)
        .ifPresent(id -> {
          transactor.run(unit -> unit.sessions().end(id));
          seen.remove(id);
        });
  }

  private static Grant authenticate(Supplier<Grant> authentication, Refusal refusal) {
    try {
      return authentication.get();
    } catch (RefusedException e) {
      throw e.refusal() instanceof Refusal.NotAuthenticated ? new RefusedException(refusal) : e;
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
        .ifPresent(ignored -> sessions.touch(id));
    return found;
  }

  private void remember(SessionId id) {
    if (seen.size() < MAX_SEEN) {
      seen.add(id);
    } else {
      seen.clear(); // the next request of an active session adds it again
    }
  }

  private static RefusedException expired() {
    return new RefusedException(new Refusal.SessionExpired());
  }
}
