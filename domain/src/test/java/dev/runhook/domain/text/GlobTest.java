package dev.runhook.domain.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GlobTest {
  @Test
  void any_pattern_matches_as_the_regular_expression_for_it() {
    Random random = new Random(7);
    for (int i = 0; i < 20_000; i++) {
      String pattern = random(random, "a/b*", 8).replaceAll("\\*{3,}", "**");
      String text = random(random, "ab/", 8);

      assertThat(Glob.ofPaths(pattern).matches(text))
          .as("%s and %s", pattern, text)
          .isEqualTo(Pattern.matches(regex(pattern, "[^/]*"), text));
      assertThat(Glob.of(pattern).matches(text))
          .as("%s and %s", pattern, text)
          .isEqualTo(Pattern.matches(regex(pattern, ".*"), text));
    }
  }

  @Test
  void several_patterns_match_as_one_of_them() {
    Random random = new Random(8);
    for (int i = 0; i < 20_000; i++) {
      List<String> patterns =
          Stream.generate(() -> random(random, "ab*", 40)).limit(random.nextInt(5) + 1L).toList();
      String text = random(random, "ab", 10);

      assertThat(Glob.anyOf(patterns).matches(text))
          .as("%s and %s", patterns, text)
          .isEqualTo(patterns.stream().anyMatch(each -> Glob.of(each).matches(text)));
    }
  }

  @Test
  void the_longest_filters_of_100_webhooks_take_less_than_a_million_steps_for_the_longest_branch() {
    int charactersOfBranches = 100 * TextLimits.MAX_NAME;

    for (int length : List.of(50, 64, 66, 128, 250)) {
      int patterns = 1_000 / length;
      int steps = patterns * Glob.ofPaths("*a".repeat(length / 2)).stepsPerCharacter();
      assertThat(charactersOfBranches * steps).isLessThan(1_000_000);
    }
  }

  private static String random(Random random, String characters, int maxLength) {
    StringBuilder text = new StringBuilder();
    for (int length = random.nextInt(maxLength + 1); length > 0; length--) {
      text.append(characters.charAt(random.nextInt(characters.length())));
    }
    return text.toString();
  }

  private static String regex(String pattern, String star) {
    return pattern.replace("**", "\0").replace("*", star).replace("\0", ".*");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 62, 63, 64, 65, 127, 128, 129, 200})
  void a_pattern_of_any_length_matches(int length) {
    String text = "a".repeat(length);

    assertThat(Glob.of(text).matches(text)).isTrue();
    assertThat(Glob.of(text).matches(text + "a")).isFalse();
    assertThat(Glob.of(text).matches(text.substring(1))).isFalse();
    assertThat(Glob.of("*" + text + "*b").matches("a" + text + "ab")).isTrue();
    assertThat(Glob.of("*a".repeat(length)).matches(text)).isTrue();
    assertThat(Glob.of("*a".repeat(length) + "b").matches(text)).isFalse();
  }
}
