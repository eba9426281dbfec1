package dev.runhook.domain.filter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.runhook.domain.text.Explanation.Code;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BranchFilterTest {
  @ParameterizedTest
  @CsvSource({
    "main, main, true",
    "main, Main, false",
    "main, main2, false",
    "main, feature/main, false",
    "release/*, release/1.0, true",
    "release/*, release/, true",
    "release/*, release, false",
    "release/*, release/1/hotfix, false",
    "release/**, release/1/hotfix, true",
    "**/hotfix, release/1/hotfix, true",
    "**, a/b/c, true",
    "*, a, true",
    "*, a/b, false",
    "v*.*, v1.2.3, true",
    "v*.*, v1, false",
    "*-*-*, a-b, false",
    "**a*, b/a/c, false",
    "**a*, b/c/a, true",
    "feature-(a|b)+, feature-(a|b)+, true",
    "релиз/*, релиз/1, true",
  })
  void a_pattern_matches_the_whole_name(String pattern, String branch, boolean expected) {
    assertThat(isWanted(List.of(pattern), branch)).isEqualTo(expected);
    assertThat(isWanted(List.of("!" + pattern), branch)).isNotEqualTo(expected);
  }

  @Test
  void without_patterns_all_branches_are_wanted() {
    assertThat(isWanted(List.of(), "any/branch")).isTrue();
  }

  @Test
  void an_exclusion_prevails_regardless_of_the_order() {
    List<String> patterns = new ArrayList<>(List.of("release/**", "!release/0*", "main"));

    for (int i = 0; i < patterns.size(); i++) {
      Collections.rotate(patterns, 1);
      assertThat(isWanted(patterns, "release/1.0")).isTrue();
      assertThat(isWanted(patterns, "release/0.9")).isFalse();
      assertThat(isWanted(patterns, "develop")).isFalse();
    }
  }

  @Test
  void the_explanation_names_the_exclusion_or_else_all_wanted_patterns() {
    BranchFilter filter = BranchFilter.of(List.of("release/*", "!release/0*", "main"));

    assertThat(filter.explainSkip("release/0.9"))
        .contains(Code.SKIPPED_BRANCH_EXCLUDED.with("!release/0*", "release/0.9"));
    assertThat(filter.explainSkip("develop"))
        .contains(Code.SKIPPED_BRANCH.with("main, release/*", "develop"));
    assertThat(filter.explainSkip("main")).isEmpty();
  }

  /// Compares with regular expressions, on random patterns and names of few different characters.
  @Test
  void a_pattern_matches_as_the_equivalent_regular_expression_does() {
    Random random = new Random(1);
    for (int i = 0; i < 20_000; i++) {
      String pattern = text(random, List.of("a", "b", "/", ".", "*", "**"), 6);
      String branch = text(random, List.of("a", "b", "/", "."), 9);
      if (pattern.contains("***")) {
        continue;
      }
      assertThat(isWanted(List.of(pattern), branch))
          .as("%s on %s", pattern, branch)
          .isEqualTo(Pattern.matches(regex(pattern), branch));
    }
  }

  private static String text(Random random, List<String> parts, int length) {
    return IntStream.rangeClosed(0, random.nextInt(length))
        .mapToObj(ignored -> parts.get(random.nextInt(parts.size())))
        .collect(Collectors.joining());
  }

  private static String regex(String pattern) {
    return pattern.replace(".", "\\.").replace("**", "§").replace("*", "[^/]*").replace("§", ".*");
  }

  /// A matcher that backtracks would read characters again, and would not end in our lifetime.
  @Test
  void a_match_reads_each_character_of_the_name_once() {
    Random random = new Random(2);
    for (int i = 0; i < 100; i++) {
      String pattern = "*" + text(random, List.of("a*", "aa*", "**", "a"), 100) + "b";
      BranchPattern parsed = BranchPattern.parse(pattern.replaceAll("\\*{3,}", "**"));
      CountingText branch = new CountingText("a".repeat(256));

      boolean matches = parsed.matches(branch);

      assertThat(matches).isFalse();
      assertThat(branch.reads).isEqualTo(256);
    }
  }

  private static final class CountingText implements CharSequence {
    private final String text;
    private int reads;

    CountingText(String text) {
      this.text = text;
    }

    @Override
    public int length() {
      return text.length();
    }

    @Override
    public char charAt(int index) {
      reads++;
      return text.charAt(index);
    }

    @Override
    public CharSequence subSequence(int start, int end) {
      throw new UnsupportedOperationException();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "'', must not be empty",
    "!, must not be empty",
    "!!main, must not have another ! at character 2; one excludes",
    "release/[0-9], must not have \"[\" at character 9; use * or **",
    "v1?, must not have \"?\" at character 3; use * or **",
    "a\\*, must not have \"\\\" at character 2; use * or **",
    "a/***, must not have a third * at character 5; ** stands for any characters",
    "' main', must not have a space at character 1; no branch begins or ends with one",
    "'! main', must not have a space at character 2; no branch begins or ends with one",
    "'main ', must not have a space at character 5; no branch begins or ends with one",
  })
  void an_invalid_pattern_is_refused_with_the_position(String pattern, String message) {
    assertThatThrownBy(() -> BranchFilter.of(List.of("main", pattern)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(message);
  }

  @ParameterizedTest
  @ValueSource(strings = {"a\u0000", "a\nb", "\ud800", "a\u202eb"})
  void a_pattern_that_cannot_be_shown_is_refused(String pattern) {
    assertThatThrownBy(() -> BranchFilter.of(List.of(pattern)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("a branch pattern contains ");
  }

  @Test
  void the_number_and_the_length_of_patterns_are_limited() {
    List<String> twenty = IntStream.range(0, 20).mapToObj(i -> "release/" + i).toList();
    List<String> tooMany = IntStream.range(0, 21).mapToObj(i -> "release/" + i).toList();
    List<String> tooLong = IntStream.range(0, 4).mapToObj(i -> i + "a".repeat(250)).toList();

    assertThat(BranchFilter.of(twenty).patterns()).hasSize(20);
    assertThatThrownBy(() -> BranchFilter.of(tooMany))
        .hasMessage("a webhook has at most 20 branch patterns, not 21");
    assertThatThrownBy(() -> BranchFilter.of(tooLong))
        .hasMessage("the branch patterns of a webhook have at most 1000 characters in all");
    assertThatThrownBy(() -> BranchFilter.of(List.of("a".repeat(257))))
        .hasMessage("a branch pattern is longer than 256 characters");
  }

  @Test
  void filters_with_the_same_patterns_are_equal() {
    BranchFilter filter = BranchFilter.of(List.of("b", "a", "b"));

    assertThat(filter.patterns()).containsExactly("a", "b");
    assertThat(filter).isEqualTo(BranchFilter.of(List.of("a", "b")));
    assertThat(filter).hasSameHashCodeAs(BranchFilter.of(List.of("a", "b")));
    assertThat(filter).hasToString("[a, b]");
    assertThat(BranchFilter.of(List.of())).isSameAs(BranchFilter.all());
  }

  private static boolean isWanted(List<String> patterns, String branch) {
    return BranchFilter.of(patterns).explainSkip(branch).isEmpty();
  }
}
