package dev.runhook.domain.run;

import static dev.runhook.domain.run.RunSamples.NOON;
import static dev.runhook.domain.run.RunSamples.RUN;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class RunTest {
  private static final RunProgress PLANNING_AT_4 = new RunProgress(RunState.PLANNING, 4);

  @Test
  void a_report_without_a_version_gets_the_next_one() {
    Transition transition = accepted(TransitionReport.of(RUN, RunState.UNCONFIRMED));

    assertThat(transition.version()).isEqualTo(5);
    assertThat(transition.state()).isEqualTo(RunState.UNCONFIRMED);
    assertThat(transition.run()).isEqualTo(RUN);
  }

  @ParameterizedTest
  @ValueSource(longs = {5, 6, 1_000, Long.MAX_VALUE})
  void any_version_above_the_last_is_accepted(long version) {
    Transition transition =
        accepted(TransitionReport.of(RUN, RunState.UNCONFIRMED).withVersion(version));

    assertThat(transition.version()).isEqualTo(version);
  }

  @Test
  void the_transition_has_the_values_of_the_report() {
    Delta delta = new Delta(1, 2, 3, 4);
    Instant before = NOON.minusSeconds(9);

    Transition transition =
        accepted(
            TransitionReport.of(RUN, RunState.FINISHED)
                .withOccurredAt(before)
                .withDelta(delta)
                .withNote("done"));

    assertThat(transition)
        .isEqualTo(
            new Transition(
                RUN, RunState.FINISHED, 5, before, true, Optional.of(delta), Optional.of("done")));
  }

  @Test
  void a_report_without_a_time_gets_the_current_time_in_milliseconds() {
    TransitionCheck transitionCheck =
        run(RunType.TRACKED, PLANNING_AT_4)
            .check(TransitionReport.of(RUN, RunState.FINISHED), NOON.plusNanos(123_456_789));

    assertThat(((TransitionCheck.Accepted) transitionCheck).transition().occurredAt())
        .isEqualTo(NOON.plusMillis(123));
  }

  @Test
  void an_unexpected_transition_is_accepted_and_marked_as_unexpected() {
    assertThat(accepted(TransitionReport.of(RUN, RunState.QUEUED)).expected()).isFalse();
    assertThat(accepted(TransitionReport.of(RUN, RunState.FINISHED)).expected()).isTrue();
  }

  @Test
  void the_run_type_determines_the_expected_transitions() {
    TransitionReport review = TransitionReport.of(RUN, RunState.PENDING_REVIEW);

    TransitionCheck proposed = run(RunType.PROPOSED, PLANNING_AT_4).check(review, NOON);
    TransitionCheck tracked = run(RunType.TRACKED, PLANNING_AT_4).check(review, NOON);

    assertThat(((TransitionCheck.Accepted) proposed).transition().expected()).isTrue();
    assertThat(((TransitionCheck.Accepted) tracked).transition().expected()).isFalse();
  }

  @Test
  void a_state_may_recur_with_a_new_version() {
    assertThat(accepted(TransitionReport.of(RUN, RunState.PLANNING)).version()).isEqualTo(5);
  }

  @Test
  void the_last_version_with_its_state_is_not_new() {
    TransitionCheck transitionCheck =
        run(RunType.TRACKED, PLANNING_AT_4)
            .check(TransitionReport.of(RUN, RunState.PLANNING).withVersion(4), NOON);

    assertThat(transitionCheck).isEqualTo(new TransitionCheck.Stale(PLANNING_AT_4));
  }

  @Test
  void the_last_version_with_another_state_is_stale() {
    TransitionCheck transitionCheck =
        run(RunType.TRACKED, PLANNING_AT_4)
            .check(TransitionReport.of(RUN, RunState.FINISHED).withVersion(4), NOON);

    assertThat(transitionCheck).isEqualTo(new TransitionCheck.Stale(PLANNING_AT_4));
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void an_earlier_version_is_stale(long version) {
    TransitionCheck transitionCheck =
        run(RunType.TRACKED, PLANNING_AT_4)
            .check(TransitionReport.of(RUN, RunState.PLANNING).withVersion(version), NOON);

    assertThat(transitionCheck).isEqualTo(new TransitionCheck.Stale(PLANNING_AT_4));
  }

  @ParameterizedTest
  @EnumSource
  void nothing_follows_a_terminal_state(RunState state) {
    RunProgress progress = new RunProgress(state, 7);

    TransitionCheck transitionCheck =
        run(RunType.TRACKED, progress).check(TransitionReport.of(RUN, RunState.FAILED), NOON);

    if (state.isTerminal()) {
      assertThat(transitionCheck).isEqualTo(new TransitionCheck.AfterTerminal(progress));
    } else {
      assertThat(transitionCheck).isInstanceOf(TransitionCheck.Accepted.class);
    }
  }

  @Test
  void a_repeated_terminal_state_does_not_follow_itself() {
    TransitionCheck transitionCheck =
        run(RunType.TRACKED, new RunProgress(RunState.FINISHED, 7))
            .check(TransitionReport.of(RUN, RunState.FINISHED).withVersion(7), NOON);

    assertThat(transitionCheck).isInstanceOf(TransitionCheck.Stale.class);
  }

  private static Run run(RunType type, RunProgress progress) {
    RunDetails details =
        new RunDetails(
            type,
            "main",
            Commit.of("abc"),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty());
    return new Run(RUN, details, NOON, progress, Optional.empty());
  }

  private static Transition accepted(TransitionReport transitionReport) {
    TransitionCheck transitionCheck =
        run(RunType.TRACKED, PLANNING_AT_4).check(transitionReport, NOON);
    assertThat(transitionCheck).isInstanceOf(TransitionCheck.Accepted.class);
    return ((TransitionCheck.Accepted) transitionCheck).transition();
  }
}
