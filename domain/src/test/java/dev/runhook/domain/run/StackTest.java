package dev.runhook.domain.run;

import static dev.runhook.domain.run.RunSamples.STACK;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.runhook.domain.account.AccountId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StackTest {
  @ParameterizedTest
  @ValueSource(strings = {"Demo", "Сеть", "网络", "🚀 launch", "a\nb", "\u0001"})
  void text_in_any_script_is_accepted(String name) {
    assertThat(Stack.named(STACK, name).name()).isEqualTo(name);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "  ", "a\u0000b", "\ud83d", "\ude80", "\ud83dx", "x\ude80"})
  void blank_and_unencodable_names_are_refused(String name) {
    assertThatIllegalArgumentException().isThrownBy(() -> Stack.named(STACK, name));
  }

  @Test
  void a_description_has_at_most_4096_characters() {
    assertThat(described("x".repeat(4096)).description()).hasSize(4096);
    assertThat(described("🚀".repeat(2048)).description()).startsWith("🚀");
    assertThatIllegalArgumentException().isThrownBy(() -> described("x".repeat(4097)));
    assertThatIllegalArgumentException().isThrownBy(() -> Stack.named(STACK, "x".repeat(257)));
  }

  @Test
  void at_most_64_labels_are_accepted_and_none_is_blank() {
    assertThat(labelled(Collections.nCopies(64, "prod")).labels()).hasSize(64);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> labelled(Collections.nCopies(65, "prod")));
    assertThatIllegalArgumentException().isThrownBy(() -> labelled(List.of("prod", " ")));
    assertThatIllegalArgumentException().isThrownBy(() -> labelled(List.of("x".repeat(129))));
  }

  @Test
  void labels_are_copied() {
    List<String> labels = new ArrayList<>(List.of("prod"));
    Stack stack = labelled(labels);

    labels.add("later");

    assertThat(stack.labels()).containsExactly("prod");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a", "0", "Demo", "net.eu_1-b"})
  void a_slug_may_contain_letters_digits_dots_underscores_and_hyphens(String slug) {
    assertThat(new StackId(new AccountId("acme"), slug).slug()).isEqualTo(slug);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "-a", ".a", "_a", "a b", "a/b", "ä", "a\n"})
  void an_invalid_slug_is_refused(String slug) {
    assertThatIllegalArgumentException().isThrownBy(() -> new StackId(new AccountId("acme"), slug));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "-a", "a/b", "a b", "a\n"})
  void a_valid_run_name_is_accepted(String name) {
    assertThatIllegalArgumentException().isThrownBy(() -> new RunId(STACK, name));
  }

  @Test
  void names_have_at_most_128_characters() {
    assertThat(new RunId(STACK, "r".repeat(128)).name()).hasSize(128);
    assertThatIllegalArgumentException().isThrownBy(() -> new RunId(STACK, "r".repeat(129)));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new StackId(new AccountId("acme"), "s".repeat(129)));
  }

  @Test
  void negative_counts_are_refused() {
    assertThat(new Delta(0, 0, 0, 0).resources()).isZero();
    assertThatIllegalArgumentException().isThrownBy(() -> new Delta(-1, 0, 0, 0));
    assertThatIllegalArgumentException().isThrownBy(() -> new Delta(0, -1, 0, 0));
    assertThatIllegalArgumentException().isThrownBy(() -> new Delta(0, 0, -1, 0));
    assertThatIllegalArgumentException().isThrownBy(() -> new Delta(0, 0, 0, -1));
  }

  private static Stack described(String description) {
    return new Stack(STACK, "Demo", description, List.of(), Optional.empty(), Optional.empty());
  }

  private static Stack labelled(List<String> labels) {
    return new Stack(STACK, "Demo", "", labels, Optional.empty(), Optional.empty());
  }
}
