package dev.runhook.application.access;

import static java.time.temporal.ChronoUnit.MILLIS;

import dev.runhook.application.audit.Actor;
import dev.runhook.application.audit.AuditWriter;
import dev.runhook.application.idempotency.IdempotencyScope;
import dev.runhook.application.query.Page;
import dev.runhook.application.query.PageRequest;
import dev.runhook.application.refusal.Refusal;
import dev.runhook.application.refusal.RefusedException;
import dev.runhook.application.spi.Bucket;
import dev.runhook.application.spi.IdGenerator;
import dev.runhook.application.spi.UnitOfWork;
import dev.runhook.domain.account.Grant;
import dev.runhook.domain.account.SessionId;
import dev.runhook.domain.account.SessionKey;
import dev.runhook.domain.account.StackScope;
import dev.runhook.domain.account.Token;
import dev.runhook.domain.account.TokenHash;
import dev.runhook.domain.account.TokenId;
import dev.runhook.domain.account.TokenScope;
import dev.runhook.domain.account.TokenSecret;
import dev.runhook.domain.account.WebSession;
import dev.runhook.domain.audit.AuditAction;
import dev.runhook.domain.audit.AuditDetail;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/// Creates, lists, renames and revokes tokens, and lists and ends their sessions. Callers check
/// permissions with [Access] first.
public final class TokenAdmin {
  static final int MAX_SESSIONS = 200;

  private final Bucket transactor;
  private final IdGenerator ids;
  private final RandomGenerator random;
  private final Consumer<TokenId> onChanged;
  private final AuditWriter auditWriter;

  /// @param random a cryptographically strong generator
  /// @param onChanged called after each change of a token is committed, usually [Access#invalidate]
  public TokenAdmin(
      Bucket transactor, IdGenerator ids, RandomGenerator random, Consumer<TokenId> onChanged) {
    this.transactor = transactor;
    this.ids = ids;
    this.random = random;
    this.onChanged = onChanged;
    this.auditWriter = new AuditWriter(ids);
  }

  /// A new token with its secret and its sign-in link, which cannot be read again.
  public record CreatedToken(Token token, TokenSecret secret, Optional<SignInLink> signInLink) {}

  /// A link that signs in once.
  ///
  /// @param code what the link contains
  public record SignInLink(SessionKey code, Instant expiresAt) {}

  /// Returns this port for the calls of one idempotent request.
  public TokenAdmin within(IdempotencyScope scope) {
    return new TokenAdmin(scope.bindHome(transactor), ids, random, onChanged);
  }

  /// Creates a token in the creator's account. A scope wider than the creator's own is refused, and
  /// so is a past expiry.
  public CreatedToken create(CreateTokenRequest newToken, Grant creator) {
    if (!creator.stackScope().covers(newToken.stackScope())) {
      throw new RefusedException(new Refusal.ScopeExceeded());
    }
    TokenSecret secret = TokenSecret.generate(random);
    Grant grant = newToken.toGrant(new TokenId(ids.next()), creator.account());
    return transactor.inTransaction(unit -> {
      Instant now = unit.now();
      if (!newToken.expiresAt().map(now::isBefore).orElse(true)) {
        throw new RefusedException(new Refusal.ExpiryInPast());
      }
      Token token = Token.created(grant, now, creator.name(), newToken.expiresAt());
      unit.tokens().add(token, secret.hash());
      Map<AuditDetail, String> details = describe(grant);
      newToken.expiresAt().ifPresent(end -> details.put(AuditDetail.EXPIRES_AT, end.toString()));
      Optional<SignInLink> link = newToken.signInFor().map(time -> addLink(unit, grant, time));
      link.ifPresent(
          added -> details.put(AuditDetail.SIGN_IN_LINK_EXPIRES_AT, added.expiresAt().toString()));
      audit(unit, Actor.of(creator), AuditAction.TOKEN_CREATED, grant, details);
      return new CreatedToken(token, secret, link);
    });
  }

  private SignInLink addLink(UnitOfWork unit, Grant grant, Duration time) {
    SignInLink link =
        new SignInLink(SessionKey.generate(random), unit.now().plus(time).truncatedTo(MILLIS));
    unit.tokens()
        .setSignInCode(grant.token(), TokenHash.of(link.code().reveal()), link.expiresAt());
    return link;
  }

  /// Lists the tokens in scope, including revoked ones, newest first.
  public Page<Token> list(TokenScope scope, PageRequest page) {
    return transactor.inTransaction(unit -> unit.tokens().list(scope, page));
  }

  /// Renames a token in scope.
  ///
  /// @param name as in [Grant]
  public Token rename(TokenScope scope, TokenId id, String name, Actor actor) {
    Token renamed =
        transactor.inTransaction(unit -> {
          Token before = require(unit, scope, id);
          unit.tokens().rename(id, name);
          audit(
              unit,
              actor,
              AuditAction.TOKEN_RENAMED,
              before.grant(),
              Map.of(AuditDetail.NAME, name, AuditDetail.PREVIOUS_NAME, before.grant().name()));
          return before.withName(name);
        });
    onChanged.accept(id);
    return renamed;
  }

  private static Token require(UnitOfWork unit, TokenScope scope, TokenId id) {
    return unit.tokens()
        .find(id)
        .filter(scope::includes)
        .orElseThrow(() -> new RefusedException(new Refusal.NoSuchToken(id.toString())));
  }

  /// Revokes a token in scope permanently. A token that is already revoked is ignored.
  public void revoke(TokenScope scope, TokenId id, Actor actor) {
    transactor.run(unit -> {
      Token token = require(unit, scope, id);
      unit.tokens().revoke(id);
      if (!token.isRevoked()) {
        audit(unit, actor, AuditAction.TOKEN_REVOKED, token.grant(), describe(token.grant()));
      }
    });
    onChanged.accept(id);
  }

  /// Lists the current sessions of the account, the last used first. A limited admin sees only
  /// those of its own token.
  public List<WebSession> listSessions(Grant admin) {
    return transactor.inTransaction(unit -> sessions(unit, admin));
  }

  /// Ends a session that [#listSessions] returns, in all processes.
  public void endSession(Grant admin, SessionId id) {
    transactor.run(unit -> {
      WebSession session =
          sessions(unit, admin).stream()
              .filter(each -> each.id().equals(id))
              .findFirst()
              .orElseThrow(() -> new RefusedException(new Refusal.NoSuchSession(id.hex())));
      unit.sessions().end(id);
      auditWriter.write(
          unit,
          Actor.of(admin),
          AuditAction.SESSION_ENDED,
          admin.account(),
          Optional.of(session.owner().token().value()),
          Map.of(AuditDetail.NAME, session.owner().name()));
    });
  }

  private static List<WebSession> sessions(UnitOfWork unit, Grant admin) {
    Instant now = unit.now();
    Optional<TokenId> own =
        admin.stackScope() instanceof StackScope.All
            ? Optional.empty()
            : Optional.of(admin.token());
    return unit.sessions().list(admin.account(), own, MAX_SESSIONS).stream()
        .filter(session -> !session.isExpired(now))
        .toList();
  }

  private static Map<AuditDetail, String> describe(Grant grant) {
    Map<AuditDetail, String> details = new EnumMap<>(AuditDetail.class);
    details.put(AuditDetail.NAME, grant.name());
    details.put(AuditDetail.ROLE, grant.role().name().toLowerCase(Locale.ROOT));
    details.put(AuditDetail.STACKS, AuditWriter.format(grant.stackScope()));
    return details;
  }

  private void audit(
      UnitOfWork unit,
      Actor actor,
      AuditAction action,
      Grant grant,
      Map<AuditDetail, String> details) {
    auditWriter.write(
        unit, actor, action, grant.account(), Optional.of(grant.token().value()), details);
  }
}
