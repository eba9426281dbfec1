package dev.runhook.domain.run;

import static dev.runhook.domain.run.RunSamples.NOON;
import static dev.runhook.domain.run.RunSamples.RUN;
import static dev.runhook.domain.run.RunSamples.STACK;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class NewRunTest {
  private static final RunDetails SUBJECT = RunDetails.tracked("main", Commit.of("abc"));
  private static final NewRun START = NewRun.of(SUBJECT, TransitionReport.of(RUN, RunState.QUEUED));

  @Test
  void the_first_version_is_1_by_default() {
    NewRun later = NewRun.of(SUBJECT, TransitionReport.of(RUN, RunState.QUEUED).withVersion(40));

    assertThat(START.firstTransition(NOON).version()).isEqualTo(1);
    assertThat(later.firstTransition(NOON).version()).isEqualTo(40);
  }

  @Test
  void only_queued_is_an_expected_first_state() {
    NewRun ready = NewRun.of(SUBJECT, TransitionReport.of(RUN, RunState.READY));

    assertThat(START.firstTransition(NOON).expected()).isTrue();
    assertThat(ready.firstTransition(NOON).expected()).isFalse();
  }

  @Test
  void the_run_is_in_the_state_of_its_first_transition() {
    Delta delta = new Delta(1, 0, 0, 1);
    NewRun newRun =
        NewRun.of(
            SUBJECT, TransitionReport.of(RUN, RunState.PLANNING).withVersion(3).withDelta(delta));

    Run run = newRun.toRun(newRun.firstTransition(NOON), NOON.plusNanos(1_999_999));

    assertThat(run)
        .isEqualTo(
            new Run(
                RUN,
                SUBJECT,
                NOON.plusMillis(1),
                new RunProgress(RunState.PLANNING, 3),
                Optional.of(delta)));
  }

  @Test
  void the_same_request_at_another_time_is_a_duplicate() {
    assertThat(START.isDuplicateOf(run(), START.firstTransition(NOON))).isTrue();
  }

  @Test
  void a_request_with_the_stored_times_is_a_duplicate() {
    NewRun exact =
        new NewRun(
            SUBJECT,
            Optional.of(NOON),
            TransitionReport.of(RUN, RunState.QUEUED).withVersion(1).withOccurredAt(NOON));

    assertThat(exact.isDuplicateOf(run(), START.firstTransition(NOON))).isTrue();
  }

  @Test
  void a_request_is_a_duplicate_after_later_transitions() {
    Transition next =
        new Transition(RUN, RunState.READY, 2, NOON, true, Optional.empty(), Optional.empty());

    assertThat(START.isDuplicateOf(run().withTransition(next), START.firstTransition(NOON)))
        .isTrue();
  }

  @Test
  void a_request_with_any_difference_is_not_a_duplicate() {
    TransitionReport queued = TransitionReport.of(RUN, RunState.QUEUED);
    List<NewRun> others =
        List.of(
            NewRun.of(RunDetails.tracked("dev", Commit.of("abc")), queued),
            NewRun.of(RunDetails.tracked("main", Commit.of("abd")), queued),
            NewRun.of(SUBJECT, TransitionReport.of(RUN, RunState.READY)),
            NewRun.of(SUBJECT, TransitionReport.of(new RunId(STACK, "run-2"), RunState.QUEUED)),
            NewRun.of(SUBJECT, queued.withVersion(2)),
            NewRun.of(SUBJECT, queued.withOccurredAt(NOON.plusMillis(1))),
            NewRun.of(SUBJECT, queued.withNote("")),
            NewRun.of(SUBJECT, queued.withDelta(new Delta(0, 0, 0, 0))),
            new NewRun(SUBJECT, Optional.of(NOON.plusMillis(1)), queued));

    assertThat(others).noneMatch(other -> other.isDuplicateOf(run(), START.firstTransition(NOON)));
  }

  private static Run run() {
    return START.toRun(START.firstTransition(NOON), NOON);
  }
}
