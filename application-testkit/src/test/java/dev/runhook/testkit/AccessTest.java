package dev.runhook.testkit;

import static dev.runhook.testkit.Refusals.refusalOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.runhook.application.Refusal;
import dev.runhook.application.access.Access;
import dev.runhook.application.access.TokenHash;
import dev.runhook.domain.account.Grant;
import dev.runhook.domain.account.Reach;
import dev.runhook.domain.account.Role;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class AccessTest {
  private static final Grant ADMIN =
      new Grant(Samples.ACME, Role.ADMIN, new Reach.AllStacks(), "Ada");
  private static final Grant READER =
      new Grant(Samples.ACME, Role.READER, new Reach.SomeStacks(Set.of("demo")), "dashboard");

  private final Access access =
      Access.using(Map.of(TokenHash.of("a-token-of-24-characters"), ADMIN));

  @Test
  void a_known_token_is_its_grant() {
    assertThat(access.authenticate("a-token-of-24-characters")).isEqualTo(ADMIN);
  }

  @Test
  void any_other_token_is_nobodys() {
    assertThat(refusalOf(() -> access.authenticate("a-token-of-24-characterS")))
        .isEqualTo(new Refusal.NotAuthenticated());
    assertThat(refusalOf(() -> access.authenticate(""))).isEqualTo(new Refusal.NotAuthenticated());
    assertThat(refusalOf(() -> access.authenticate(TokenHash.of("a-token-of-24-characters").hex())))
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
}
