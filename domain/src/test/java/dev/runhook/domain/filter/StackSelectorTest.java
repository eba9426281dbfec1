package dev.runhook.domain.filter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.runhook.domain.run.Stack;
import dev.runhook.domain.run.StackId;
import dev.runhook.domain.webhook.WebhookSamples;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StackSelectorTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\'',
      value = {
        "env:prod | true",
        "env | false",
        "env:* | true",
        "ENV:prod | false",
        "env:prod and tier:one | true",
        "env:prod and tier:two | false",
        "env:prod and not tier:two | true",
        "not env:prod or tier:one | true",
        "not (env:prod or tier:one) | false",
        "tier:two or env:prod and tier:one | true",
        "(tier:two or env:prod) and tier:one | true",
        "env:prod AND NOT tier:two | true",
        "not not env:prod | true",
        "\"two words\" | true",
        "\"and\" | false",
        "((env:prod)) | true",
      })
  void a_label_expression_is_a_condition_on_the_labels(String expression, boolean matches) {
    StackSelector selector =
        new StackSelector(Optional.of(LabelExpression.parse(expression)), List.of());

    assertThat(selector.matches(stack("net", "env:prod", "tier:one", "two words")))
        .isEqualTo(matches);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "and",
        "env:prod and",
        "env:prod tier:one",
        "(env:prod",
        "env:prod)",
        "not",
        "\"open",
        "a or or b",
        "()",
      })
  void an_invalid_label_expression_is_reported_with_an_example(String expression) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> LabelExpression.parse(expression))
        .withMessageContaining("an example is: env:production and not tier:sandbox");
  }

  @Test
  void the_length_of_a_label_expression_is_limited() {
    String deep = "(".repeat(499) + "a" + ")".repeat(499);

    assertThat(LabelExpression.parse(deep).matches(List.of("a"))).isTrue();
    assertThatIllegalArgumentException().isThrownBy(() -> LabelExpression.parse("(" + deep + ")"));
  }

  @ParameterizedTest
  @CsvSource({
    "net,true",
    "n*,true",
    "*,true",
    "*t,true",
    "n*t,true",
    "ne,false",
    "et,false",
    "net*,true",
    "*net*,true",
    "n**t,true",
    "nett,false",
    "n*e,false",
  })
  void an_asterisk_in_an_id_stands_for_any_characters(String pattern, boolean matches) {
    assertThat(new StackSelector(Optional.empty(), List.of(pattern)).matches(stack("net")))
        .isEqualTo(matches);
  }

  @Test
  void a_pattern_that_backtracks_is_matched_in_bounded_time() {
    String slug = "a".repeat(128);
    StackSelector selector = new StackSelector(Optional.empty(), List.of("a*".repeat(60) + "b"));

    assertThat(selector.matches(stack(slug))).isFalse();
  }

  @Test
  void a_selector_matches_one_of_the_ids_and_the_labels() {
    StackSelector selector =
        new StackSelector(Optional.of(LabelExpression.parse("env:prod")), List.of("db", "net-*"));

    assertThat(selector.matches(stack("net-1", "env:prod"))).isTrue();
    assertThat(selector.matches(stack("net-1"))).isFalse();
    assertThat(selector.matches(stack("app", "env:prod"))).isFalse();
    assertThat(StackSelector.all().matches(stack("app"))).isTrue();
  }

  @Test
  void ids_are_checked() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new StackSelector(Optional.empty(), List.of("a b")));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new StackSelector(Optional.empty(), Collections.nCopies(101, "a")));
  }

  private static Stack stack(String slug, String... labels) {
    StackId id = new StackId(WebhookSamples.STACK.account(), slug);
    return new Stack(id, slug, "", List.of(labels), Optional.empty(), Optional.empty());
  }
}
