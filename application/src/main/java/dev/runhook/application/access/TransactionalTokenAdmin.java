package dev.runhook.application.access;

import dev.runhook.application.Actor;
import dev.runhook.application.Page;
import dev.runhook.application.PageRequest;
import dev.runhook.application.Refusal.NoSuchToken;
import dev.runhook.application.Refusal.ScopeExceeded;
import dev.runhook.application.RefusedException;
import dev.runhook.application.audit.AuditWriter;
import dev.runhook.application.spi.Transactor;
import dev.runhook.domain.account.Grant;
import dev.runhook.domain.account.Token;
import dev.runhook.domain.account.TokenId;
import dev.runhook.domain.account.TokenScope;
import dev.runhook.domain.account.TokenSecret;
import dev.runhook.domain.audit.AuditAction;
import dev.runhook.domain.audit.AuditedAction;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;

final class TransactionalTokenAdmin implements TokenAdmin {
  private final Transactor transactor;
  private final Sources sources;
  private final Consumer<TokenId> revoked;
  private final AuditWriter auditWriter;

  TransactionalTokenAdmin(Transactor transactor, Sources sources, Consumer<TokenId> revoked) {
    this.transactor = transactor;
    this.sources = sources;
    this.revoked = revoked;
    this.auditWriter = new AuditWriter(sources.ids());
  }

  @Override
  public CreatedToken create(NewToken wanted, Grant creator) {
    if (!creator.stackScope().covers(wanted.stackScope())) {
      throw new RefusedException(new ScopeExceeded());
    }
    TokenSecret text = TokenSecret.generate(sources.random());
    Grant grant = wanted.toGrant(new TokenId(sources.ids().next()), creator.account());
    return transactor.inTransaction(unit -> {
      Token token = Token.created(grant, unit.now(), creator.name());
      unit.tokens().add(token, text.hash());
      auditWriter.write(unit, Actor.of(creator), deed(AuditAction.TOKEN_CREATED, token));
      return new CreatedToken(token, text);
    });
  }

  @Override
  public Page<Token> list(TokenScope scope, PageRequest page) {
    return transactor.inTransaction(unit -> unit.tokens().list(scope, page));
  }

  @Override
  public void revoke(TokenScope scope, TokenId id, Actor actor) {
    transactor.run(unit -> {
      Token token =
          unit.tokens()
              .find(id)
              .filter(scope::includes)
              .orElseThrow(() -> new RefusedException(new NoSuchToken(id.toString())));
      unit.tokens().revoke(id);
      if (!token.isRevoked()) {
        auditWriter.write(unit, actor, deed(AuditAction.TOKEN_REVOKED, token));
      }
    });
    revoked.accept(id);
  }

  private static AuditedAction deed(AuditAction action, Token token) {
    Grant grant = token.grant();
    return new AuditedAction(
        action,
        grant.account(),
        Optional.empty(),
        Optional.of(grant.token().value()),
        grant.role().name().toLowerCase(Locale.ROOT) + " \"" + grant.name() + "\"");
  }
}
