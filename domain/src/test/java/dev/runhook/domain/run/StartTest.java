package dev.runhook.domain.run;

import static dev.runhook.domain.run.RunSamples.NOON;
import static dev.runhook.domain.run.RunSamples.RUN;
import static dev.runhook.domain.run.RunSamples.STACK;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class StartTest {
  private static final RunSubject SUBJECT = RunSubject.tracked("main", Commit.of("abc"));
  private static final Start START = Start.of(SUBJECT, Report.of(RUN, RunState.QUEUED));

  @Test
  void a_run_begins_with_version_1_unless_told_otherwise() {
    Start later = Start.of(SUBJECT, Report.of(RUN, RunState.QUEUED).versioned(40));

    assertThat(START.transition(NOON).version()).isEqualTo(1);
    assertThat(later.transition(NOON).version()).isEqualTo(40);
  }

  @Test
  void it_is_usual_to_begin_queued_and_nothing_else() {
    Start ready = Start.of(SUBJECT, Report.of(RUN, RunState.READY));

    assertThat(START.transition(NOON).usual()).isTrue();
    assertThat(ready.transition(NOON).usual()).isFalse();
  }

  @Test
  void the_run_stands_where_its_first_transition_put_it() {
    Delta delta = new Delta(1, 0, 0, 1);
    Start start = Start.of(SUBJECT, Report.of(RUN, RunState.PLANNING).versioned(3).changing(delta));

    Run run = start.run(start.transition(NOON), NOON.plusNanos(1_999_999));

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
  void the_same_start_at_another_time_is_a_repeat() {
    assertThat(START.repeats(run(), START.transition(NOON))).isTrue();
  }

  @Test
  void a_start_that_names_the_times_that_were_kept_is_a_repeat() {
    Start exact =
        new Start(
            SUBJECT,
            Optional.of(NOON),
            Report.of(RUN, RunState.QUEUED).versioned(1).happenedAt(NOON));

    assertThat(exact.repeats(run(), START.transition(NOON))).isTrue();
  }

  @Test
  void a_run_that_moved_on_began_as_it_did() {
    Transition moved =
        new Transition(RUN, RunState.READY, 2, NOON, true, Optional.empty(), Optional.empty());

    assertThat(START.repeats(run().moved(moved), START.transition(NOON))).isTrue();
  }

  @Test
  void a_start_that_differs_in_anything_is_no_repeat() {
    Report queued = Report.of(RUN, RunState.QUEUED);
    List<Start> others =
        List.of(
            Start.of(RunSubject.tracked("dev", Commit.of("abc")), queued),
            Start.of(RunSubject.tracked("main", Commit.of("abd")), queued),
            Start.of(SUBJECT, Report.of(RUN, RunState.READY)),
            Start.of(SUBJECT, Report.of(new RunId(STACK, "run-2"), RunState.QUEUED)),
            Start.of(SUBJECT, queued.versioned(2)),
            Start.of(SUBJECT, queued.happenedAt(NOON.plusMillis(1))),
            Start.of(SUBJECT, queued.noted("")),
            Start.of(SUBJECT, queued.changing(new Delta(0, 0, 0, 0))),
            new Start(SUBJECT, Optional.of(NOON.plusMillis(1)), queued));

    assertThat(others).noneMatch(other -> other.repeats(run(), START.transition(NOON)));
  }

  private static Run run() {
    return START.run(START.transition(NOON), NOON);
  }
}
