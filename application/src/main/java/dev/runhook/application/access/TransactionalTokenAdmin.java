package dev.runhook.application.access;

import dev.runhook.application.Actor;
import dev.runhook.application.Page;
import dev.runhook.application.PageRequest;
import dev.runhook.application.Refusal.NoSuchToken;
import dev.runhook.application.Refusal.TokenTooWide;
import dev.runhook.application.RefusedException;
import dev.runhook.application.audit.Scribe;
import dev.runhook.application.spi.Transactor;
import dev.runhook.domain.account.Grant;
import dev.runhook.domain.account.Token;
import dev.runhook.domain.account.TokenId;
import dev.runhook.domain.account.TokenScope;
import dev.runhook.domain.account.TokenText;
import dev.runhook.domain.audit.AuditAction;
import dev.runhook.domain.audit.Deed;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;

final class TransactionalTokenAdmin implements TokenAdmin {
  private final Transactor transactor;
  private final Sources sources;
  private final Consumer<TokenId> revoked;
  private final Scribe scribe;

  TransactionalTokenAdmin(Transactor transactor, Sources sources, Consumer<TokenId> revoked) {
    this.transactor = transactor;
    this.sources = sources;
    this.revoked = revoked;
    this.scribe = new Scribe(sources.ids());
  }

  @Override
  public Created create(NewToken wanted, Grant creator) {
    if (!creator.reach().covers(wanted.reach())) {
      throw new RefusedException(new TokenTooWide());
    }
    TokenText text = TokenText.generate(sources.random());
    Grant grant = wanted.grant(new TokenId(sources.ids().next()), creator.account());
    return transactor.inTransaction(unit -> {
      Token token = Token.created(grant, unit.now(), creator.name());
      unit.tokens().add(token, text.hash());
      scribe.write(unit, Actor.of(creator), deed(AuditAction.TOKEN_CREATED, token));
      return new Created(token, text);
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
        scribe.write(unit, actor, deed(AuditAction.TOKEN_REVOKED, token));
      }
    });
    revoked.accept(id);
  }

  private static Deed deed(AuditAction action, Token token) {
    Grant grant = token.grant();
    return new Deed(
        action,
        grant.account(),
        Optional.empty(),
        Optional.of(grant.token().value()),
        grant.role().name().toLowerCase(Locale.ROOT) + " \"" + grant.name() + "\"");
  }
}
