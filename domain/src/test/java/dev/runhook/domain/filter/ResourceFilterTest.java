package dev.runhook.domain.filter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.runhook.domain.run.ResourceChange;
import dev.runhook.domain.run.ResourceChange.Action;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ResourceFilterTest {
  @ParameterizedTest
  @CsvSource({
    "aws_db_instance, DELETE, true",
    "aws_db_instance, CREATE, true",
    "destroy:aws_db_instance, DELETE, true",
    "destroy:aws_db_instance, REPLACE, true",
    "destroy:aws_db_instance, UPDATE, false",
    "delete:aws_db_instance, REPLACE, false",
    "replace:module.db.*, REPLACE, true",
    "module.db.aws_db_instance.main[0], CREATE, true",
    "aws_db_instance.main*, DELETE, false",
    "*.aws_db_instance.main*, DELETE, true",
    "aws_*, UPDATE, true",
    "AWS_*, UPDATE, false"
  })
  void a_pattern_matches_an_address_or_a_type(String pattern, Action action, boolean expected) {
    ResourceChange change =
        new ResourceChange("module.db.aws_db_instance.main[0]", "aws_db_instance", action);

    assertThat(ResourceFilter.of(List.of("create:other", pattern)).matches(change))
        .isEqualTo(expected);
  }

  @Test
  void patterns_are_sorted_and_limited() {
    List<String> eleven = IntStream.range(0, 11).mapToObj(Integer::toString).toList();

    assertThat(ResourceFilter.of(List.of("b", "a", "b")).patterns()).containsExactly("a", "b");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ResourceFilter.of(eleven))
        .withMessage("a webhook has at most 10 resource patterns, not 11");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ResourceFilter.of(List.of("a".repeat(257))))
        .withMessageContaining("256 characters");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "delete:", "destroys:a", "a\u202eb"})
  void an_invalid_pattern_is_refused(String pattern) {
    assertThatIllegalArgumentException().isThrownBy(() -> ResourceFilter.of(List.of(pattern)));
  }

  /// A stack has up to 100 webhooks, and reports share transactions.
  @Test
  void hostile_patterns_take_no_time() {
    ResourceFilter hostile =
        ResourceFilter.of(IntStream.range(0, 10).mapToObj(i -> "*a".repeat(12) + i).toList());
    ResourceChange longest =
        new ResourceChange("a".repeat(ResourceChange.MAX_ADDRESS), "a", Action.CREATE);

    long start = System.nanoTime();
    for (int i = 0; i < 128; i++) {
      assertThat(hostile.matches(longest)).isFalse();
    }

    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(1));
  }
}
