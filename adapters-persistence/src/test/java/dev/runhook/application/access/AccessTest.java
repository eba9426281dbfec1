package dev.runhook.application.access;

import static dev.runhook.testkit.RefusalAssertions.refusalOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.runhook.application.refusal.Refusal;
import dev.runhook.domain.account.Grant;
import dev.runhook.domain.account.Role;
import dev.runhook.domain.account.StackScope;
import dev.runhook.domain.account.TokenHash;
import dev.runhook.domain.account.TokenId;
import dev.runhook.testkit.PostgresStore;
import dev.runhook.testkit.Samples;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/// Authorization with configured tokens.
class AccessTest {
  private static final Grant ADMIN =
      new Grant(TokenId.CONFIGURED_ADMIN, Samples.ACME, Role.ADMIN, new StackScope.All(), "Ada");
  private static final Grant READER =
      new Grant(
          new TokenId(new UUID(0, 1)),
          Samples.ACME,
          Role.READER,
          new StackScope.Only(Set.of("demo")),
          "dashboard");

  @AutoClose private final PostgresStore store = new PostgresStore();
  private final Access access =
      new Access(
          store,
          Map.of(TokenHash.of("a-token-of-24-characters"), ADMIN, TokenHash.of("another"), READER),
          AccessConfig.defaults(),
          store.clock.ticker());

  @Test
  void a_configured_token_has_its_grant() {
    assertThat(authenticate("a-token-of-24-characters")).isEqualTo(ADMIN);
    assertThat(authenticate("another")).isEqualTo(READER);
  }

  @Test
  void any_other_token_is_not_authenticated() {
    assertThat(refusalOf(() -> authenticate("a-token-of-24-characterS")))
        .isEqualTo(new Refusal.NotAuthenticated());
    assertThat(refusalOf(() -> authenticate(""))).isEqualTo(new Refusal.NotAuthenticated());
    assertThat(refusalOf(() -> authenticate(TokenHash.of("a-token-of-24-characters").hex())))
        .isEqualTo(new Refusal.NotAuthenticated());
  }

  @Test
  void guesses_at_a_configured_token_are_limited_and_do_not_lock_out_one_in_use() {
    authenticate("another");

    for (int i = 0; i < 30; i++) {
      String guess = "a-token-of-24-character" + i;
      assertThat(refusalOf(() -> authenticate(guess))).isEqualTo(new Refusal.NotAuthenticated());
    }

    assertThat(refusalOf(() -> authenticate("a-token-of-24-characters")))
        .isInstanceOf(Refusal.TooManyRequests.class);
    assertThat(authenticate("another")).isEqualTo(READER);
  }

  @Test
  void a_sufficient_role_is_authorized() {
    assertThatCode(() -> access.authorize(ADMIN, Role.WRITER)).doesNotThrowAnyException();
    assertThat(access.authorize(READER, Role.READER, "demo")).isEqualTo(Samples.DEMO);
    assertThat(access.authorize(ADMIN, Role.ADMIN, "demo")).isEqualTo(Samples.DEMO);
  }

  @Test
  void an_insufficient_role_is_refused() {
    assertThat(refusalOf(() -> access.authorize(READER, Role.WRITER)))
        .isEqualTo(new Refusal.InsufficientRole(Role.WRITER));
    assertThat(refusalOf(() -> access.authorize(READER, Role.ADMIN, "demo")))
        .isEqualTo(new Refusal.InsufficientRole(Role.ADMIN));
  }

  @Test
  void a_stack_outside_the_scope_is_not_found_for_any_role() {
    assertThat(refusalOf(() -> access.authorize(READER, Role.READER, "other")))
        .isEqualTo(new Refusal.NoSuchStack("other"));
    assertThat(refusalOf(() -> access.authorize(READER, Role.ADMIN, "other")))
        .isEqualTo(new Refusal.NoSuchStack("other"));
  }

  private Grant authenticate(String token) {
    return access.authenticate(token, "192.0.2.1");
  }
}
