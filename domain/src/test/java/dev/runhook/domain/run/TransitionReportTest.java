package dev.runhook.domain.run;

import static dev.runhook.domain.run.RunSamples.NOON;
import static dev.runhook.domain.run.RunSamples.RUN;
import static dev.runhook.domain.run.RunSamples.STACK;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.runhook.domain.run.ResourceChange.Action;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TransitionReportTest {
  private static final Transition RECORDED =
      new Transition(RUN, RunState.PLANNING, 4, NOON, true, Optional.empty(), Optional.empty());

  @Test
  void the_same_version_and_state_is_a_duplicate() {
    TransitionReport transitionReport =
        TransitionReport.of(RUN, RunState.PLANNING)
            .withVersion(4)
            .withNote("described differently");

    assertThat(transitionReport.isDuplicateOf(RECORDED)).isTrue();
  }

  @Test
  void another_run_state_or_version_is_not_a_duplicate() {
    assertThat(
            TransitionReport.of(new RunId(STACK, "other"), RunState.PLANNING)
                .withVersion(4)
                .isDuplicateOf(RECORDED))
        .isFalse();
    assertThat(TransitionReport.of(RUN, RunState.FAILED).withVersion(4).isDuplicateOf(RECORDED))
        .isFalse();
    assertThat(TransitionReport.of(RUN, RunState.PLANNING).withVersion(3).isDuplicateOf(RECORDED))
        .isFalse();
    assertThat(TransitionReport.of(RUN, RunState.PLANNING).isDuplicateOf(RECORDED)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(longs = {0, -1, Long.MIN_VALUE})
  void a_version_below_1_is_refused(long version) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> TransitionReport.of(RUN, RunState.PLANNING).withVersion(version))
        .withMessageContaining("at least 1");
  }

  @Test
  void a_time_is_truncated_to_milliseconds() {
    TransitionReport transitionReport =
        TransitionReport.of(RUN, RunState.PLANNING).withOccurredAt(NOON.plusNanos(5_999_999));

    assertThat(transitionReport.occurredAt()).contains(NOON.plusMillis(5));
  }

  @Test
  void the_numbers_of_a_complete_list_are_the_delta_of_a_report_that_has_none() {
    ResourceChanges changes =
        new ResourceChanges(
            List.of(
                new ResourceChange("a.b", "a", Action.REPLACE),
                new ResourceChange("a.c", "a", Action.DELETE),
                new ResourceChange("a.d", "a", Action.CREATE),
                new ResourceChange("a.e", "a", Action.UPDATE)),
            false);
    Delta reported = new Delta(1, 1, 1, 40);
    TransitionReport report = TransitionReport.of(RUN, RunState.PLANNING);

    assertThat(report.withChanges(changes).delta()).contains(new Delta(2, 1, 2, 0));
    assertThat(report.withDelta(reported).withChanges(changes).delta()).contains(reported);
    assertThat(report.withChanges(new ResourceChanges(changes.items(), true)).delta()).isEmpty();
  }

  @Test
  void the_text_of_a_list_of_changes_is_limited_in_all() {
    List<ResourceChange> longest =
        Collections.nCopies(
            128, new ResourceChange("a".repeat(ResourceChange.MAX_ADDRESS), "t", Action.CREATE));

    assertThatIllegalArgumentException()
        .isThrownBy(() -> new ResourceChanges(longest, false))
        .withMessageContaining("131,072 characters");
    assertThat(new ResourceChanges(longest.subList(0, 127), false).length())
        .isGreaterThan(127 * ResourceChange.MAX_ADDRESS);
  }
}
