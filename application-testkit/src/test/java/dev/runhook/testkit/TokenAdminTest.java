package dev.runhook.testkit;

import static dev.runhook.testkit.Refusals.refusalOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.runhook.application.PageRequest;
import dev.runhook.application.Refusal.NoSuchToken;
import dev.runhook.application.Refusal.TokenTooWide;
import dev.runhook.application.access.NewToken;
import dev.runhook.application.access.TokenAdmin.Created;
import dev.runhook.domain.account.AccountId;
import dev.runhook.domain.account.Grant;
import dev.runhook.domain.account.Reach;
import dev.runhook.domain.account.Reach.AllStacks;
import dev.runhook.domain.account.Reach.SomeStacks;
import dev.runhook.domain.account.Role;
import dev.runhook.domain.account.TokenId;
import dev.runhook.domain.account.TokenScope;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class TokenAdminTest {
  private final Desk desk = new Desk();
  private final Grant limited = admin(new AccountId("acme"), new SomeStacks(Set.of("a", "b")));

  @Test
  void a_new_token_says_who_created_it_when_and_what_for() {
    Created created = create(Desk.OPERATOR, Role.READER, new SomeStacks(Set.of("a")));

    Grant grant = created.token().grant();
    assertThat(grant.account()).isEqualTo(Samples.ACME);
    assertThat(grant.role()).isEqualTo(Role.READER);
    assertThat(grant.reach()).isEqualTo(new SomeStacks(Set.of("a")));
    assertThat(created.token().createdBy()).isEqualTo("the operator");
    assertThat(created.token().createdAt()).isEqualTo(Samples.NOON);
    assertThat(created.token().isRevoked()).isFalse();
    assertThat(created.token().toString()).doesNotContain(created.text().reveal());
  }

  @Test
  void nobody_creates_a_token_that_reaches_further_than_their_own() {
    Created narrower = create(limited, Role.ADMIN, new SomeStacks(Set.of("a")));

    assertThat(narrower.token().grant().role()).isEqualTo(Role.ADMIN);
    assertThat(refusalOf(() -> create(limited, Role.READER, new AllStacks())))
        .isEqualTo(new TokenTooWide());
    assertThat(refusalOf(() -> create(limited, Role.READER, new SomeStacks(Set.of("a", "c")))))
        .isEqualTo(new TokenTooWide());
  }

  @Test
  void tokens_out_of_scope_are_neither_listed_nor_revoked() {
    Created all = create(Desk.OPERATOR, Role.READER, new AllStacks());
    Created mine = create(limited, Role.READER, new SomeStacks(Set.of("b")));
    Grant strange = admin(new AccountId("other"), new AllStacks());

    assertThat(listed(TokenScope.of(limited))).containsExactly(id(mine));
    assertThat(listed(TokenScope.of(Desk.OPERATOR))).containsExactly(id(mine), id(all));
    assertThat(listed(TokenScope.of(strange))).isEmpty();
    assertThat(listed(TokenScope.everything())).containsExactly(id(mine), id(all));
    assertThat(refusalOf(() -> desk.admin.revoke(TokenScope.of(limited), id(all), World.ADA)))
        .isEqualTo(new NoSuchToken(id(all).toString()));
    assertThat(refusalOf(() -> desk.admin.revoke(TokenScope.of(strange), id(all), World.ADA)))
        .isEqualTo(new NoSuchToken(id(all).toString()));
    assertThat(desk.show(all)).isEqualTo(all.token().grant());
  }

  @Test
  void a_token_is_revoked_once_and_for_good() {
    Created created = create(Desk.OPERATOR, Role.READER, new AllStacks());
    TokenScope scope = TokenScope.of(Desk.OPERATOR);

    desk.admin.revoke(scope, id(created), World.ADA);
    desk.admin.revoke(scope, id(created), World.ADA);

    assertThat(desk.admin.list(scope, PageRequest.first()).items())
        .singleElement()
        .satisfies(token -> assertThat(token.revokedAt()).contains(Samples.NOON));
  }

  @Test
  void the_token_of_the_configuration_cannot_be_revoked() {
    assertThat(
            refusalOf(() ->
                desk.admin.revoke(TokenScope.everything(), TokenId.OF_CONFIGURATION, World.ADA)))
        .isEqualTo(new NoSuchToken(TokenId.OF_CONFIGURATION.toString()));
  }

  @Test
  void a_limited_token_names_its_stacks() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new NewToken("ci", Role.READER, new SomeStacks(Set.of())));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new NewToken("ci", Role.READER, new SomeStacks(Set.of("no slug"))));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new NewToken(" ", Role.READER, new AllStacks()));
  }

  private Created create(Grant creator, Role role, Reach reach) {
    return desk.admin.create(new NewToken("ci", role, reach), creator);
  }

  private List<TokenId> listed(TokenScope scope) {
    return desk.admin.list(scope, PageRequest.first()).items().stream()
        .map(token -> token.grant().token())
        .toList();
  }

  private static TokenId id(Created created) {
    return created.token().grant().token();
  }

  private static Grant admin(AccountId account, Reach reach) {
    return new Grant(new TokenId(new UUID(0, 1)), account, Role.ADMIN, reach, "an admin");
  }
}
