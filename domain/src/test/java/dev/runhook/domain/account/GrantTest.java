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
  void each_role_covers_those_before_it(Role role, Role needed, boolean covered) {
    assertThat(role.covers(needed)).isEqualTo(covered);
  }

  @Test
  void some_stacks_are_those_alone() {
    StackScope some = new StackScope.Only(Set.of("demo"));

    assertThat(some.includes("demo")).isTrue();
    assertThat(some.includes("Demo")).isFalse();
    assertThat(new StackScope.Only(Set.of()).includes("demo")).isFalse();
    assertThat(new StackScope.All().includes("anything")).isTrue();
  }

  @Test
  void a_reach_covers_what_it_includes_and_no_more() {
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
  void whoever_asks_for_one_stack_gets_it_if_it_is_in_reach() {
    StackScope some = new StackScope.Only(Set.of("a", "b"));

    assertThat(some.restrictedTo("a")).isEqualTo(new StackScope.Only(Set.of("a")));
    assertThat(some.restrictedTo("c")).isEqualTo(new StackScope.Only(Set.of()));
    assertThat(new StackScope.All().restrictedTo("c")).isEqualTo(new StackScope.Only(Set.of("c")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"ci", "Überwachung der Stacks", "🤖"})
  void a_token_has_a_name_for_people(String name) {
    assertThat(named(name).name()).isEqualTo(name);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "a\nb", "half \ud800"})
  void anything_else_is_no_name_of_a_token(String name) {
    assertThatIllegalArgumentException().isThrownBy(() -> named(name));
    assertThatIllegalArgumentException().isThrownBy(() -> named("n".repeat(201)));
  }

  private static Grant named(String name) {
    return new Grant(
        TokenId.CONFIGURED_ADMIN, new AccountId("acme"), Role.READER, new StackScope.All(), name);
  }

  @ParameterizedTest
  @ValueSource(strings = {"a", "acme", "a-1", "0"})
  void an_account_is_a_slug(String name) {
    assertThat(new AccountId(name).toString()).isEqualTo(name);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "-a", "a-", "A", "a.b", "a b", "ä", "a\n"})
  void anything_else_is_no_account(String name) {
    assertThatIllegalArgumentException().isThrownBy(() -> new AccountId(name));
  }

  @Test
  void an_account_is_63_characters_at_most() {
    assertThat(new AccountId("a".repeat(63)).name()).hasSize(63);
    assertThatIllegalArgumentException().isThrownBy(() -> new AccountId("a".repeat(64)));
  }
}
