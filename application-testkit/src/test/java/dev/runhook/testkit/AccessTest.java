package dev.runhook.testkit;

import static dev.runhook.testkit.Refusals.refusalOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.runhook.application.Refusal;
import dev.runhook.application.access.Access;
import dev.runhook.application.access.AccessRules;
import dev.runhook.domain.account.Grant;
import dev.runhook.domain.account.Reach;
import dev.runhook.domain.account.Role;
import dev.runhook.domain.account.TokenHash;
import dev.runhook.domain.account.TokenId;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/// Who may do what, by tokens that stand in the configuration.
class AccessTest {
  private static final Grant ADMIN =
      new Grant(TokenId.OF_CONFIGURATION, Samples.ACME, Role.ADMIN, new Reach.AllStacks(), "Ada");
  private static final Grant READER =
      new Grant(
          new TokenId(new UUID(0, 1)),
          Samples.ACME,
          Role.READER,
          new Reach.SomeStacks(Set.of("demo")),
          "dashboard");

  private final SettableClock clock = SettableClock.atNoon();
  private final Access access =
      Access.using(
          new InMemoryTransactor(clock),
          Map.of(TokenHash.of("a-token-of-24-characters"), ADMIN, TokenHash.of("another"), READER),
          AccessRules.usual(),
          clock.ticker());

  @Test
  void a_known_token_is_its_grant() {
    assertThat(authenticate("a-token-of-24-characters")).isEqualTo(ADMIN);
    assertThat(authenticate("another")).isEqualTo(READER);
  }

  @Test
  void any_other_token_is_nobodys() {
    assertThat(refusalOf(() -> authenticate("a-token-of-24-characterS")))
        .isEqualTo(new Refusal.NotAuthenticated());
    assertThat(refusalOf(() -> authenticate(""))).isEqualTo(new Refusal.NotAuthenticated());
    assertThat(refusalOf(() -> authenticate(TokenHash.of("a-token-of-24-characters").hex())))
        .isEqualTo(new Refusal.NotAuthenticated());
  }

  @Test
  void a_role_that_suffices_is_permitted() {
    assertThatCode(() -> access.permit(ADMIN, Role.WRITER)).doesNotThrowAnyException();
    assertThat(access.permit(READER, Role.READER, "demo")).isEqualTo(Samples.DEMO);
    assertThat(access.permit(ADMIN, Role.ADMIN, "demo")).isEqualTo(Samples.DEMO);
  }

  @Test
  void a_role_that_does_not_suffice_is_refused() {
    assertThat(refusalOf(() -> access.permit(READER, Role.WRITER)))
        .isEqualTo(new Refusal.NotPermitted(Role.WRITER));
    assertThat(refusalOf(() -> access.permit(READER, Role.ADMIN, "demo")))
        .isEqualTo(new Refusal.NotPermitted(Role.ADMIN));
  }

  @Test
  void a_stack_out_of_reach_does_not_exist_whatever_the_role() {
    assertThat(refusalOf(() -> access.permit(READER, Role.READER, "other")))
        .isEqualTo(new Refusal.NoSuchStack("other"));
    assertThat(refusalOf(() -> access.permit(READER, Role.ADMIN, "other")))
        .isEqualTo(new Refusal.NoSuchStack("other"));
  }

  private Grant authenticate(String token) {
    return access.authenticate(token, "192.0.2.1");
  }
}
