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

class RunProgressTest {
  private static final RunProgress PLANNING_AT_4 = new RunProgress(RunState.PLANNING, 4);

  @Test
  void a_report_without_a_version_gets_the_next_one() {
    Transition transition = accepted(Report.of(RUN, RunState.UNCONFIRMED));

    assertThat(transition.version()).isEqualTo(5);
    assertThat(transition.state()).isEqualTo(RunState.UNCONFIRMED);
    assertThat(transition.run()).isEqualTo(RUN);
  }

  @ParameterizedTest
  @ValueSource(longs = {5, 6, 1_000, Long.MAX_VALUE})
  void any_version_above_the_last_is_taken_as_it_is(long version) {
    Transition transition = accepted(Report.of(RUN, RunState.UNCONFIRMED).versioned(version));

    assertThat(transition.version()).isEqualTo(version);
  }

  @Test
  void what_a_report_tells_is_in_the_transition() {
    Delta delta = new Delta(1, 2, 3, 4);
    Instant before = NOON.minusSeconds(9);

    Transition transition =
        accepted(
            Report.of(RUN, RunState.FINISHED).happenedAt(before).changing(delta).noted("done"));

    assertThat(transition)
        .isEqualTo(
            new Transition(
                RUN, RunState.FINISHED, 5, before, true, Optional.of(delta), Optional.of("done")));
  }

  @Test
  void a_report_without_a_time_happened_now_to_the_millisecond() {
    Judgement judgement =
        PLANNING_AT_4.judge(
            RunType.TRACKED, Report.of(RUN, RunState.FINISHED), NOON.plusNanos(123_456_789));

    assertThat(((Judgement.Accepted) judgement).transition().at()).isEqualTo(NOON.plusMillis(123));
  }

  @Test
  void an_unusual_move_is_accepted_and_marked() {
    assertThat(accepted(Report.of(RUN, RunState.QUEUED)).usual()).isFalse();
    assertThat(accepted(Report.of(RUN, RunState.FINISHED)).usual()).isTrue();
  }

  @Test
  void the_type_of_the_run_decides_what_is_usual() {
    Report review = Report.of(RUN, RunState.PENDING_REVIEW);

    Judgement proposed = PLANNING_AT_4.judge(RunType.PROPOSED, review, NOON);
    Judgement tracked = PLANNING_AT_4.judge(RunType.TRACKED, review, NOON);

    assertThat(((Judgement.Accepted) proposed).transition().usual()).isTrue();
    assertThat(((Judgement.Accepted) tracked).transition().usual()).isFalse();
  }

  @Test
  void a_state_may_come_again_with_a_new_version() {
    assertThat(accepted(Report.of(RUN, RunState.PLANNING)).version()).isEqualTo(5);
  }

  @Test
  void the_last_version_with_its_state_is_a_repeat() {
    Judgement judgement =
        PLANNING_AT_4.judge(RunType.TRACKED, Report.of(RUN, RunState.PLANNING).versioned(4), NOON);

    assertThat(judgement).isEqualTo(new Judgement.Repeated(4));
  }

  @Test
  void the_last_version_with_another_state_is_stale() {
    Judgement judgement =
        PLANNING_AT_4.judge(RunType.TRACKED, Report.of(RUN, RunState.FINISHED).versioned(4), NOON);

    assertThat(judgement).isEqualTo(new Judgement.Stale(PLANNING_AT_4));
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void an_earlier_version_is_stale(long version) {
    Judgement judgement =
        PLANNING_AT_4.judge(
            RunType.TRACKED, Report.of(RUN, RunState.PLANNING).versioned(version), NOON);

    assertThat(judgement).isEqualTo(new Judgement.Stale(PLANNING_AT_4));
  }

  @ParameterizedTest
  @EnumSource
  void nothing_follows_a_terminal_state(RunState state) {
    RunProgress progress = new RunProgress(state, 7);

    Judgement judgement = progress.judge(RunType.TRACKED, Report.of(RUN, RunState.FAILED), NOON);

    if (state.isTerminal()) {
      assertThat(judgement).isEqualTo(new Judgement.AfterEnd(progress));
    } else {
      assertThat(judgement).isInstanceOf(Judgement.Accepted.class);
    }
  }

  @Test
  void a_terminal_state_may_be_repeated() {
    Judgement judgement =
        new RunProgress(RunState.FINISHED, 7)
            .judge(RunType.TRACKED, Report.of(RUN, RunState.FINISHED).versioned(7), NOON);

    assertThat(judgement).isEqualTo(new Judgement.Repeated(7));
  }

  private static Transition accepted(Report report) {
    Judgement judgement = PLANNING_AT_4.judge(RunType.TRACKED, report, NOON);
    assertThat(judgement).isInstanceOf(Judgement.Accepted.class);
    return ((Judgement.Accepted) judgement).transition();
  }
}
