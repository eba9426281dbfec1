package dev.runhook.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;

import dev.runhook.application.Page;
import dev.runhook.application.PageRequest;
import dev.runhook.application.spi.Transactor;
import dev.runhook.domain.account.Grant;
import dev.runhook.domain.account.Reach;
import dev.runhook.domain.account.Reach.AllStacks;
import dev.runhook.domain.account.Reach.SomeStacks;
import dev.runhook.domain.account.Role;
import dev.runhook.domain.account.Token;
import dev.runhook.domain.account.TokenHash;
import dev.runhook.domain.account.TokenId;
import dev.runhook.domain.account.TokenScope;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// What a store does with tokens.
@Promises
public interface TokensContract {
  Transactor transactor();

  @Test
  default void a_token_comes_back_as_it_was() {
    Scene scene = Scene.on(transactor());
    Token all = token(scene, Role.READER, new AllStacks(), "Überwachung");
    Token some = token(scene, Role.ADMIN, new SomeStacks(Set.of("b", "a")), "ci");

    add(all, some);

    transactor()
        .run(unit -> {
          assertThat(unit.tokens().find(all.grant().token())).contains(all);
          assertThat(unit.tokens().find(some.grant().token())).contains(some);
          assertThat(unit.tokens().findByHash(hash(all))).contains(all);
          assertThat(unit.tokens().findByHash(hash(some))).contains(some);
        });
  }

  @Test
  default void a_token_that_nobody_added_is_not_there() {
    Scene scene = Scene.on(transactor());
    Token token = token(scene, Role.READER, new AllStacks(), "ci");

    transactor()
        .run(unit -> {
          assertThat(unit.tokens().find(token.grant().token())).isEmpty();
          assertThat(unit.tokens().findByHash(hash(token))).isEmpty();
        });
  }

  @Test
  default void a_hash_is_one_tokens_alone() {
    Scene scene = Scene.on(transactor());
    Token token = token(scene, Role.READER, new AllStacks(), "ci");
    Token other = token(scene, Role.ADMIN, new AllStacks(), "ci");
    add(token);

    assertThatException()
        .isThrownBy(() -> transactor().run(unit -> unit.tokens().add(other, hash(token))));

    Optional<Token> found = scene.in(unit -> unit.tokens().findByHash(hash(token)));
    assertThat(found).contains(token);
  }

  @Test
  default void a_revoked_token_stays_and_says_since_when() {
    Scene scene = Scene.on(transactor());
    Token token = token(scene, Role.READER, new AllStacks(), "ci");
    add(token);

    Instant revoked =
        scene.in(unit -> {
          unit.tokens().revoke(token.grant().token());
          return unit.now();
        });
    transactor().run(unit -> unit.tokens().revoke(token.grant().token()));

    Token found = scene.in(unit -> unit.tokens().findByHash(hash(token)).orElseThrow());
    assertThat(found.isRevoked()).isTrue();
    assertThat(found.revokedAt()).contains(revoked);
    assertThat(found.grant()).isEqualTo(token.grant());
  }

  @Test
  default void the_latest_use_counts() {
    Scene scene = Scene.on(transactor());
    Token early = token(scene, Role.READER, new AllStacks(), "early");
    Token late = token(scene, Role.READER, new AllStacks(), "late");
    Token unused = token(scene, Role.READER, new AllStacks(), "unused");
    add(early, late, unused);
    Instant then = scene.now().minus(Duration.ofMinutes(1));
    Instant now = scene.now();
    TokenId unknown = scene.newTokenId();

    transactor().run(unit -> unit.tokens().keepUses(Map.of(id(early), then, id(late), now)));
    transactor()
        .run(unit -> unit.tokens().keepUses(Map.of(id(early), now, id(late), then, unknown, now)));
    transactor().run(unit -> unit.tokens().keepUses(Map.of()));

    transactor()
        .run(unit -> {
          assertThat(unit.tokens().find(id(early)).orElseThrow().lastUsedAt()).contains(now);
          assertThat(unit.tokens().find(id(late)).orElseThrow().lastUsedAt()).contains(now);
          assertThat(unit.tokens().find(id(unused)).orElseThrow().lastUsedAt()).isEmpty();
        });
  }

  @Test
  default void tokens_are_listed_newest_first_within_an_account_and_reach() {
    Scene scene = Scene.on(transactor());
    Scene other = Scene.on(transactor());
    Token all = token(scene, Role.ADMIN, new AllStacks(), "all");
    Token demo = token(scene, Role.READER, new SomeStacks(Set.of("demo")), "demo");
    Token both = token(scene, Role.READER, new SomeStacks(Set.of("demo", "net")), "both");
    Token strange = token(other, Role.ADMIN, new AllStacks(), "strange");
    add(all, demo, both, strange);

    assertThat(names(scene, new AllStacks())).containsExactly("both", "demo", "all");
    assertThat(names(scene, new SomeStacks(Set.of("demo")))).containsExactly("demo");
    assertThat(names(scene, new SomeStacks(Set.of("demo", "net", "x"))))
        .containsExactly("both", "demo");
    assertThat(names(scene, new SomeStacks(Set.of("x")))).isEmpty();
    Page<Token> everything =
        scene.in(unit ->
            unit.tokens().list(TokenScope.everything(), new PageRequest(200, Optional.empty())));
    assertThat(everything.items()).contains(all, demo, both, strange);
  }

  @Test
  default void pages_of_tokens_neither_repeat_nor_skip() {
    Scene scene = Scene.on(transactor());
    for (int i = 0; i < 5; i++) {
      add(token(scene, Role.READER, new AllStacks(), "token " + i));
    }
    TokenScope scope = scope(scene, new AllStacks());
    PageRequest two = new PageRequest(2, Optional.empty());

    Page<Token> first = scene.in(unit -> unit.tokens().list(scope, two));
    add(token(scene, Role.READER, new AllStacks(), "later"));
    Page<Token> second =
        scene.in(unit -> unit.tokens().list(scope, two.from(first.next().orElseThrow())));
    Page<Token> third =
        scene.in(unit -> unit.tokens().list(scope, two.from(second.next().orElseThrow())));

    assertThat(first.items())
        .extracting(t -> t.grant().name())
        .containsExactly("token 4", "token 3");
    assertThat(second.items())
        .extracting(t -> t.grant().name())
        .containsExactly("token 2", "token 1");
    assertThat(third.items()).extracting(t -> t.grant().name()).containsExactly("token 0");
    assertThat(third.next()).isEmpty();
  }

  private List<String> names(Scene scene, Reach within) {
    Page<Token> page =
        scene.in(unit -> unit.tokens().list(scope(scene, within), PageRequest.first()));
    return page.items().stream().map(token -> token.grant().name()).toList();
  }

  private static TokenScope scope(Scene scene, Reach within) {
    return new TokenScope(Optional.of(scene.account()), within);
  }

  private static Token token(Scene scene, Role role, Reach reach, String name) {
    Grant grant = new Grant(scene.newTokenId(), scene.account(), role, reach, name);
    return Token.created(grant, scene.now(), "Ada");
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

  /// Any text does: the store never sees one.
  private static TokenHash hash(Token token) {
    return TokenHash.of("text of " + token.grant().token());
  }
}
