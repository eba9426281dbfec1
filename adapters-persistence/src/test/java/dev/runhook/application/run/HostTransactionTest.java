package dev.runhook.application.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.runhook.application.outbox.DispatchHandoff;
import dev.runhook.application.refusal.RefusedException;
import dev.runhook.application.run.RecordResult.Recorded;
import dev.runhook.domain.run.RunId;
import dev.runhook.domain.run.RunState;
import dev.runhook.domain.run.Transition;
import dev.runhook.domain.run.TransitionReport;
import dev.runhook.domain.webhook.Webhook;
import dev.runhook.testkit.ApplicationFixture;
import dev.runhook.testkit.Samples;
import java.util.List;
import org.junit.jupiter.api.Test;

class HostTransactionTest {
  private final ApplicationFixture app = new ApplicationFixture();

  @Test
  void a_report_in_a_host_transaction_is_sent_by_the_first_poll_after_the_commit() {
    Webhook webhook = app.createWebhook(1);
    RunId run = app.startRun("run-1");

    Recorded recorded =
        app.store.inTransaction(
            unit -> app.journal.record(TransitionReport.of(run, RunState.READY), unit));
    List<String> beforePolling = app.sentStates(webhook);
    app.dispatcher.poll();

    assertThat(recorded.deliveryCount()).isEqualTo(1);
    assertThat(beforePolling).containsExactly("QUEUED");
    assertThat(app.sentStates(webhook)).containsExactly("QUEUED", "READY");
  }

  @Test
  void a_report_in_a_failed_host_transaction_is_rolled_back() {
    Webhook webhook = app.createWebhook(1);
    RunId run = app.startRun("run-1");

    assertThatThrownBy(() ->
            app.store.run(unit -> {
              app.journal.record(TransitionReport.of(run, RunState.READY), unit);
              throw new ArithmeticException("the host failed");
            }))
        .isInstanceOf(ArithmeticException.class);
    app.dispatcher.poll();

    assertThat(states(run)).containsExactly(RunState.QUEUED);
    assertThat(app.sentStates(webhook)).containsExactly("QUEUED");
  }

  @Test
  void a_run_starts_in_a_host_transaction() {
    Webhook webhook = app.createWebhook(1);
    RunId run = new RunId(Samples.DEMO, "run-1");

    Recorded started =
        app.store.inTransaction(unit -> {
          Recorded first = app.journal.start(Samples.newRun(run), unit);
          app.journal.record(TransitionReport.of(run, RunState.READY), unit);
          return first;
        });
    app.dispatcher.poll();

    assertThat(started.deliveryCount()).isEqualTo(1);
    assertThat(app.sentStates(webhook)).containsExactly("QUEUED", "READY");
  }

  @Test
  void a_run_that_starts_in_a_failed_host_transaction_does_not_exist() {
    Webhook webhook = app.createWebhook(1);
    RunId run = new RunId(Samples.DEMO, "run-1");

    assertThatThrownBy(() ->
            app.store.run(unit -> {
              app.journal.start(Samples.newRun(run), unit);
              throw new ArithmeticException("the host failed");
            }))
        .isInstanceOf(ArithmeticException.class);
    app.dispatcher.poll();

    assertThatThrownBy(() -> app.journal.run(run)).isInstanceOf(RefusedException.class);
    assertThat(app.sentStates(webhook)).isEmpty();
  }

  @Test
  void nothing_is_handed_off_if_another_process_sends_the_deliveries() {
    Webhook webhook = app.createWebhook(1);
    RunJournal journal = app.journal(DispatchHandoff.none(), Runnable::run);

    journal.start(Samples.newRun(new RunId(Samples.DEMO, "run-1")));
    List<String> beforePolling = app.sentStates(webhook);
    app.dispatcher.poll();

    assertThat(beforePolling).isEmpty();
    assertThat(app.sentStates(webhook)).containsExactly("QUEUED");
  }

  private List<RunState> states(RunId run) {
    return app.journal.run(run).transitions().items().reversed().stream()
        .map(Transition::state)
        .toList();
  }
}
