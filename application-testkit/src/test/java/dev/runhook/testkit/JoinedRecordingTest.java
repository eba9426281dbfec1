package dev.runhook.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.runhook.application.outbox.Intake;
import dev.runhook.application.run.Recorded;
import dev.runhook.application.run.RunJournal;
import dev.runhook.domain.run.Report;
import dev.runhook.domain.run.RunId;
import dev.runhook.domain.run.RunState;
import dev.runhook.domain.run.Transition;
import dev.runhook.domain.webhook.Webhook;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Reports within a transaction of the caller's, and where another process sends.
class JoinedRecordingTest {
  private final World world = new World();

  @Test
  void a_report_in_the_callers_unit_of_work_is_sent_by_the_round_after_its_commit() {
    Webhook webhook = world.webhook(1);
    RunId run = world.start("run-1");

    Recorded recorded =
        world.store.inTransaction(
            unit -> world.journal.record(Report.of(run, RunState.READY), unit));
    List<String> beforeTheRound = world.told(webhook);
    world.dispatcher.round();

    assertThat(recorded.deliveries()).isEqualTo(1);
    assertThat(beforeTheRound).containsExactly("QUEUED");
    assertThat(world.told(webhook)).containsExactly("QUEUED", "READY");
  }

  @Test
  void a_report_in_a_unit_of_work_that_fails_never_happened() {
    Webhook webhook = world.webhook(1);
    RunId run = world.start("run-1");

    assertThatThrownBy(() ->
            world.store.run(unit -> {
              world.journal.record(Report.of(run, RunState.READY), unit);
              throw new ArithmeticException("the host gives up");
            }))
        .isInstanceOf(ArithmeticException.class);
    world.dispatcher.round();

    assertThat(states(run)).containsExactly(RunState.QUEUED);
    assertThat(world.told(webhook)).containsExactly("QUEUED");
  }

  @Test
  void where_another_process_sends_nothing_is_handed_over() {
    Webhook webhook = world.webhook(1);
    RunJournal journal = world.journal(Intake.none(), Runnable::run);

    journal.start(Samples.start(new RunId(Samples.DEMO, "run-1")));
    List<String> beforeTheRound = world.told(webhook);
    world.dispatcher.round();

    assertThat(beforeTheRound).isEmpty();
    assertThat(world.told(webhook)).containsExactly("QUEUED");
  }

  private List<RunState> states(RunId run) {
    return world.journal.run(run).transitions().stream().map(Transition::state).toList();
  }
}
