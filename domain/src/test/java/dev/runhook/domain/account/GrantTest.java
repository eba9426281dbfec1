package dev.runhook.domain.account;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GrantTest {
  @ParameterizedTest
  @CsvSource({
    "READER, READER, true", "READER, WRITER, false", "READER, ADMIN, false",
    "WRITER, READER, true", "WRITER, WRITER, true", "WRITER, ADMIN, false",
    "ADMIN, READER, true", "ADMIN, WRITER, true", "ADMIN, ADMIN, true"
  })
  void each_role_covers_the_roles_before_it(Role role, Role needed, boolean covered) {
    assertThat(role.covers(needed)).isEqualTo(covered);
  }

  @Test
  void a_limited_scope_includes_only_its_stacks() {
    StackScope some = new StackScope.Only(Set.of("demo"));

    assertThat(some.includes("demo")).isTrue();
    assertThat(some.includes("Demo")).isFalse();
    assertThat(new StackScope.Only(Set.of()).includes("demo")).isFalse();
    assertThat(new StackScope.All().includes("anything")).isTrue();
  }

  @Test
  void a_scope_covers_only_narrower_scopes() {
    StackScope all = new StackScope.All();
    StackScope some = new StackScope.Only(Set.of("a", "b"));

    assertThat(all.covers(all)).isTrue();
    assertThat(all.covers(some)).isTrue();
    assertThat(some.covers(all)).isFalse();
    assertThat(some.covers(some)).isTrue();
    assertThat(some.covers(new StackScope.Only(Set.of("a")))).isTrue();
    assertThat(some.covers(new StackScope.Only(Set.of("a", "c")))).isFalse();
  }

  @Test
  void a_scope_can_be_restricted_to_one_of_its_stacks() {
    StackScope some = new StackScope.Only(Set.of("a", "b"));

    assertThat(some.restrictedTo("a")).isEqualTo(new StackScope.Only(Set.of("a")));
    assertThat(some.restrictedTo("c")).isEqualTo(new StackScope.Only(Set.of()));
    assertThat(new StackScope.All().restrictedTo("c")).isEqualTo(new StackScope.Only(Set.of("c")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"ci", "Überwachung der Stacks", "🤖"})
  void a_valid_token_name_is_accepted(String name) {
    assertThat(named(name).name()).isEqualTo(name);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "a\nb", "half \ud800"})
  void an_invalid_token_name_is_refused(String name) {
    assertThatIllegalArgumentException().isThrownBy(() -> named(name));
    assertThatIllegalArgumentException().isThrownBy(() -> named("n".repeat(201)));
  }

  private static Grant named(String name) {
    return new Grant(
        TokenId.CONFIGURED_ADMIN, new AccountId("acme"), Role.READER, new StackScope.All(), name);
  }

  @ParameterizedTest
  @ValueSource(strings = {"a", "acme", "a-1", "0"})
  void a_valid_account_name_is_accepted(String name) {
    assertThat(new AccountId(name).toString()).isEqualTo(name);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "-a", "a-", "A", "a.b", "a b", "ä", "a\n"})
  void an_invalid_account_name_is_refused(String name) {
    assertThatIllegalArgumentException().isThrownBy(() -> new AccountId(name));
  }

  @Test
  void an_account_has_at_most_63_characters() {
    assertThat(new AccountId("a".repeat(63)).name()).hasSize(63);
    assertThatIllegalArgumentException().isThrownBy(() -> new AccountId("a".repeat(64)));
  }
}
