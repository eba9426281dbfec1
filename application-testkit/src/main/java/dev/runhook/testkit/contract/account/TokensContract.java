package dev.runhook.testkit.contract.account;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;

import dev.runhook.application.query.Page;
import dev.runhook.application.query.PageRequest;
import dev.runhook.application.spi.Transactor;
import dev.runhook.domain.account.Grant;
import dev.runhook.domain.account.Role;
import dev.runhook.domain.account.StackScope;
import dev.runhook.domain.account.StackScope.All;
import dev.runhook.domain.account.StackScope.Only;
import dev.runhook.domain.account.Token;
import dev.runhook.domain.account.TokenHash;
import dev.runhook.domain.account.TokenId;
import dev.runhook.domain.account.TokenScope;
import dev.runhook.testkit.contract.fixture.Contract;
import dev.runhook.testkit.contract.fixture.ContractFixture;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// Requirements for stores of tokens.
@Contract
public interface TokensContract {
  Transactor transactor();

  @Test
  default void a_token_is_stored_unchanged() {
    ContractFixture fixture = ContractFixture.on(transactor());
    Token all = token(fixture, Role.READER, new All(), "Überwachung");
    Token some = token(fixture, Role.ADMIN, new Only(Set.of("b", "a")), "ci");

    add(all, some);

    transactor()
        .run(unit -> {
          assertThat(unit.tokens().find(all.grant().token())).contains(all);
          assertThat(unit.tokens().find(some.grant().token())).contains(some);
          assertThat(unit.tokens().findByHash(Set.of(hash(all), hash(some))))
              .isEqualTo(Map.of(hash(all), all, hash(some), some));
        });
  }

  @Test
  default void an_unknown_token_is_not_found() {
    ContractFixture fixture = ContractFixture.on(transactor());
    Token token = token(fixture, Role.READER, new All(), "ci");

    transactor()
        .run(unit -> {
          assertThat(unit.tokens().find(token.grant().token())).isEmpty();
          assertThat(unit.tokens().findByHash(Set.of(hash(token)))).isEmpty();
        });
  }

  @Test
  default void a_token_hash_is_unique() {
    ContractFixture fixture = ContractFixture.on(transactor());
    Token token = token(fixture, Role.READER, new All(), "ci");
    Token other = token(fixture, Role.ADMIN, new All(), "ci");
    add(token);

    assertThatException()
        .isThrownBy(() -> transactor().run(unit -> unit.tokens().add(other, hash(token))));

    assertThat(findByHash(fixture, token)).isEqualTo(token);
  }

  @Test
  default void a_token_is_renamed() {
    ContractFixture fixture = ContractFixture.on(transactor());
    Token token = token(fixture, Role.READER, new All(), "ci");
    Token other = token(fixture, Role.READER, new All(), "ci");
    add(token, other);

    transactor().run(unit -> unit.tokens().rename(token.grant().token(), "build"));

    transactor()
        .run(unit -> {
          assertThat(unit.tokens().findByHash(Set.of(hash(token))))
              .containsValue(token.withName("build"));
          assertThat(unit.tokens().find(other.grant().token())).contains(other);
        });
  }

  @Test
  default void a_revoked_token_remains_with_its_revocation_time() {
    ContractFixture fixture = ContractFixture.on(transactor());
    Token token = token(fixture, Role.READER, new All(), "ci");
    add(token);

    Instant revoked =
        fixture.inTransaction(unit -> {
          unit.tokens().revoke(token.grant().token());
          return unit.now();
        });
    transactor().run(unit -> unit.tokens().revoke(token.grant().token()));

    Token found = findByHash(fixture, token);
    assertThat(found.isRevoked()).isTrue();
    assertThat(found.revokedAt()).contains(revoked);
    assertThat(found.grant()).isEqualTo(token.grant());
  }

  @Test
  default void a_sign_in_code_is_found_until_it_is_used() {
    ContractFixture fixture = ContractFixture.on(transactor());
    Token token = token(fixture, Role.READER, new All(), "ana");
    Token other = token(fixture, Role.READER, new All(), "bob");
    add(token, other);
    setCode(token, fixture.now().plusSeconds(60));
    setCode(other, fixture.now().plusSeconds(60));

    transactor()
        .run(unit -> {
          assertThat(unit.tokens().findBySignInCode(code(token))).contains(hash(token));
          assertThat(unit.tokens().findBySignInCode(code(token))).contains(hash(token));
          assertThat(unit.tokens().useSignInCode(code(token))).contains(hash(token));
          assertThat(unit.tokens().useSignInCode(code(token))).isEmpty();
        });

    transactor()
        .run(unit -> {
          assertThat(unit.tokens().useSignInCode(code(token))).isEmpty();
          assertThat(unit.tokens().findBySignInCode(code(token))).isEmpty();
          assertThat(unit.tokens().findBySignInCode(hash(token))).isEmpty();
          assertThat(unit.tokens().findBySignInCode(code(other))).contains(hash(other));
          assertThat(unit.tokens().find(id(token))).contains(token);
        });
  }

  @Test
  default void a_sign_in_code_ends_with_its_time_and_with_its_token() {
    ContractFixture fixture = ContractFixture.on(transactor());
    Token old = token(fixture, Role.READER, new All(), "old");
    Token revoked = token(fixture, Role.READER, new All(), "revoked");
    Token expired =
        Token.created(
            token(fixture, Role.READER, new All(), "expired").grant(),
            fixture.now().minusSeconds(9),
            "Ada",
            Optional.of(fixture.now().minusSeconds(1)));
    add(old, revoked, expired);
    setCode(old, fixture.now().minusSeconds(1));
    setCode(revoked, fixture.now().plusSeconds(60));
    setCode(expired, fixture.now().plusSeconds(60));

    transactor().run(unit -> unit.tokens().revoke(id(revoked)));

    transactor()
        .run(unit -> {
          for (Token token : List.of(old, revoked, expired)) {
            assertThat(unit.tokens().findBySignInCode(code(token))).isEmpty();
            assertThat(unit.tokens().useSignInCode(code(token))).isEmpty();
          }
        });
  }

  private void setCode(Token token, Instant expiresAt) {
    transactor().run(unit -> unit.tokens().setSignInCode(id(token), code(token), expiresAt));
  }

  private static TokenHash code(Token token) {
    return TokenHash.of("code of " + token.grant().token());
  }

  @Test
  default void the_latest_use_of_a_token_is_stored() {
    ContractFixture fixture = ContractFixture.on(transactor());
    Token early = token(fixture, Role.READER, new All(), "early");
    Token late = token(fixture, Role.READER, new All(), "late");
    Token unused = token(fixture, Role.READER, new All(), "unused");
    add(early, late, unused);
    Instant then = fixture.now().minus(Duration.ofMinutes(1));
    Instant now = fixture.now();
    TokenId unknown = fixture.newTokenId();

    transactor().run(unit -> unit.tokens().saveLastUsed(Map.of(id(early), then, id(late), now)));
    transactor()
        .run(unit ->
            unit.tokens().saveLastUsed(Map.of(id(early), now, id(late), then, unknown, now)));
    transactor().run(unit -> unit.tokens().saveLastUsed(Map.of()));

    transactor()
        .run(unit -> {
          assertThat(unit.tokens().find(id(early)).orElseThrow().lastUsedAt()).contains(now);
          assertThat(unit.tokens().find(id(late)).orElseThrow().lastUsedAt()).contains(now);
          assertThat(unit.tokens().find(id(unused)).orElseThrow().lastUsedAt()).isEmpty();
        });
  }

  @Test
  default void tokens_are_listed_newest_first_within_an_account_and_stack_scope() {
    ContractFixture fixture = ContractFixture.on(transactor());
    ContractFixture other = ContractFixture.on(transactor());
    Token all = token(fixture, Role.ADMIN, new All(), "all");
    Token demo = token(fixture, Role.READER, new Only(Set.of("demo")), "demo");
    Token both = token(fixture, Role.READER, new Only(Set.of("demo", "net")), "both");
    Token ofOtherAccount = token(other, Role.ADMIN, new All(), "other account");
    add(all, demo, both, ofOtherAccount);

    assertThat(names(fixture, new All())).containsExactly("both", "demo", "all");
    assertThat(names(fixture, new Only(Set.of("demo")))).containsExactly("demo");
    assertThat(names(fixture, new Only(Set.of("demo", "net", "x"))))
        .containsExactly("both", "demo");
    assertThat(names(fixture, new Only(Set.of("x")))).isEmpty();
    Page<Token> everything =
        fixture.inTransaction(
            unit -> unit.tokens().list(TokenScope.all(), new PageRequest(200, Optional.empty())));
    assertThat(everything.items()).contains(all, demo, both, ofOtherAccount);
  }

  @Test
  default void pages_of_tokens_neither_repeat_nor_skip_any() {
    ContractFixture fixture = ContractFixture.on(transactor());
    for (int i = 0; i < 5; i++) {
      add(token(fixture, Role.READER, new All(), "token " + i));
    }
    TokenScope scope = scope(fixture, new All());
    PageRequest two = new PageRequest(2, Optional.empty());

    Page<Token> first = fixture.inTransaction(unit -> unit.tokens().list(scope, two));
    add(token(fixture, Role.READER, new All(), "later"));
    Page<Token> second =
        fixture.inTransaction(
            unit -> unit.tokens().list(scope, two.withAfter(first.next().orElseThrow())));
    Page<Token> third =
        fixture.inTransaction(
            unit -> unit.tokens().list(scope, two.withAfter(second.next().orElseThrow())));

    assertThat(first.items())
        .extracting(t -> t.grant().name())
        .containsExactly("token 4", "token 3");
    assertThat(second.items())
        .extracting(t -> t.grant().name())
        .containsExactly("token 2", "token 1");
    assertThat(third.items()).extracting(t -> t.grant().name()).containsExactly("token 0");
    assertThat(third.next()).isEmpty();
  }

  private List<String> names(ContractFixture fixture, StackScope within) {
    Page<Token> page =
        fixture.inTransaction(
            unit -> unit.tokens().list(scope(fixture, within), PageRequest.first()));
    return page.items().stream().map(token -> token.grant().name()).toList();
  }

  private static TokenScope scope(ContractFixture fixture, StackScope within) {
    return new TokenScope(Optional.of(fixture.account()), within);
  }

  private static Token token(
      ContractFixture fixture, Role role, StackScope stackScope, String name) {
    Grant grant = new Grant(fixture.newTokenId(), fixture.account(), role, stackScope, name);
    return Token.created(grant, fixture.now(), "Ada", Optional.of(fixture.now().plusSeconds(60)));
  }

  private void add(Token... tokens) {
    transactor()
        .run(unit -> {
          for (Token token : tokens) {
            unit.tokens().add(token, hash(token));
          }
        });
  }

  private static TokenId id(Token token) {
    return token.grant().token();
  }

  private static Token findByHash(ContractFixture fixture, Token token) {
    return Objects.requireNonNull(
        fixture
            .inTransaction(unit -> unit.tokens().findByHash(Set.of(hash(token))))
            .get(hash(token)));
  }

  /// The store sees only hashes, so any text is suitable.
  private static TokenHash hash(Token token) {
    return TokenHash.of("text of " + token.grant().token());
  }
}
