package dev.runhook.application.access;

import static dev.runhook.testkit.ApplicationFixture.ADA;
import static dev.runhook.testkit.RefusalAssertions.refusalOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.runhook.application.access.TokenAdmin.CreatedToken;
import dev.runhook.application.query.PageRequest;
import dev.runhook.application.refusal.Refusal.NoSuchToken;
import dev.runhook.application.refusal.Refusal.ScopeExceeded;
import dev.runhook.domain.account.AccountId;
import dev.runhook.domain.account.Grant;
import dev.runhook.domain.account.Role;
import dev.runhook.domain.account.StackScope;
import dev.runhook.domain.account.StackScope.All;
import dev.runhook.domain.account.StackScope.Only;
import dev.runhook.domain.account.TokenId;
import dev.runhook.domain.account.TokenScope;
import dev.runhook.testkit.AccessFixture;
import dev.runhook.testkit.PostgresStore;
import dev.runhook.testkit.Samples;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

class TokenAdminTest {
  @AutoClose private final PostgresStore store = new PostgresStore();
  private final AccessFixture auth = new AccessFixture(store);
  private final Grant limited = admin(new AccountId("acme"), new Only(Set.of("a", "b")));

  @Test
  void a_new_token_records_its_creator_creation_time_and_scope() {
    CreatedToken created = create(AccessFixture.OPERATOR, Role.READER, new Only(Set.of("a")));

    Grant grant = created.token().grant();
    assertThat(grant.account()).isEqualTo(Samples.ACME);
    assertThat(grant.role()).isEqualTo(Role.READER);
    assertThat(grant.stackScope()).isEqualTo(new Only(Set.of("a")));
    assertThat(created.token().createdBy()).isEqualTo("the operator");
    assertThat(created.token().createdAt()).isEqualTo(Samples.NOON);
    assertThat(created.token().isRevoked()).isFalse();
    assertThat(created.token().toString()).doesNotContain(created.secret().reveal());
  }

  @Test
  void a_token_cannot_create_one_with_a_wider_scope() {
    CreatedToken narrower = create(limited, Role.ADMIN, new Only(Set.of("a")));

    assertThat(narrower.token().grant().role()).isEqualTo(Role.ADMIN);
    assertThat(refusalOf(() -> create(limited, Role.READER, new All())))
        .isEqualTo(new ScopeExceeded());
    assertThat(refusalOf(() -> create(limited, Role.READER, new Only(Set.of("a", "c")))))
        .isEqualTo(new ScopeExceeded());
  }

  @Test
  void tokens_outside_the_scope_are_neither_listed_nor_revoked() {
    CreatedToken all = create(AccessFixture.OPERATOR, Role.READER, new All());
    CreatedToken mine = create(limited, Role.READER, new Only(Set.of("b")));
    Grant foreign = admin(new AccountId("other"), new All());

    assertThat(listed(TokenScope.of(limited))).containsExactly(id(mine));
    assertThat(listed(TokenScope.of(AccessFixture.OPERATOR))).containsExactly(id(mine), id(all));
    assertThat(listed(TokenScope.of(foreign))).isEmpty();
    assertThat(listed(TokenScope.all())).containsExactly(id(mine), id(all));
    assertThat(refusalOf(() -> auth.admin.revoke(TokenScope.of(limited), id(all), ADA)))
        .isEqualTo(new NoSuchToken(id(all).toString()));
    assertThat(refusalOf(() -> auth.admin.revoke(TokenScope.of(foreign), id(all), ADA)))
        .isEqualTo(new NoSuchToken(id(all).toString()));
    assertThat(auth.authenticate(all)).isEqualTo(all.token().grant());
  }

  @Test
  void revoking_a_token_again_keeps_the_first_revocation() {
    CreatedToken created = create(AccessFixture.OPERATOR, Role.READER, new All());
    TokenScope scope = TokenScope.of(AccessFixture.OPERATOR);

    auth.admin.revoke(scope, id(created), ADA);
    auth.admin.revoke(scope, id(created), ADA);

    assertThat(auth.admin.list(scope, PageRequest.first()).items())
        .singleElement()
        .satisfies(token -> assertThat(token.revokedAt()).contains(Samples.NOON));
  }

  @Test
  void the_configured_admin_token_cannot_be_revoked() {
    assertThat(refusalOf(() -> auth.admin.revoke(TokenScope.all(), TokenId.CONFIGURED_ADMIN, ADA)))
        .isEqualTo(new NoSuchToken(TokenId.CONFIGURED_ADMIN.toString()));
  }

  @Test
  void a_new_token_needs_a_name_and_valid_stacks() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new CreateTokenRequest("ci", Role.READER, new Only(Set.of())));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new CreateTokenRequest("ci", Role.READER, new Only(Set.of("no slug"))));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new CreateTokenRequest(" ", Role.READER, new All()));
  }

  private CreatedToken create(Grant creator, Role role, StackScope stackScope) {
    return auth.admin.create(new CreateTokenRequest("ci", role, stackScope), creator);
  }

  private List<TokenId> listed(TokenScope scope) {
    return auth.admin.list(scope, PageRequest.first()).items().stream()
        .map(token -> token.grant().token())
        .toList();
  }

  private static TokenId id(CreatedToken created) {
    return created.token().grant().token();
  }

  private static Grant admin(AccountId account, StackScope stackScope) {
    return new Grant(new TokenId(new UUID(0, 1)), account, Role.ADMIN, stackScope, "an admin");
  }
}
