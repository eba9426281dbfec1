package dev.runhook.application.run;

import static dev.runhook.testkit.ApplicationFixture.ADA;
import static dev.runhook.testkit.RefusalAssertions.refusalOf;
import static java.util.Collections.nCopies;
import static org.assertj.core.api.Assertions.assertThat;

import dev.runhook.application.outbox.DispatchHandoff;
import dev.runhook.application.query.PageRequest;
import dev.runhook.application.refusal.Refusal;
import dev.runhook.application.run.RecordResult.Recorded;
import dev.runhook.application.spi.Events.SkippedTransition;
import dev.runhook.application.spi.delivery.PayloadRenderer;
import dev.runhook.application.webhook.CreateWebhookRequest;
import dev.runhook.application.webhook.UpdateWebhookRequest;
import dev.runhook.domain.account.StackScope;
import dev.runhook.domain.event.Payload;
import dev.runhook.domain.filter.Subscription;
import dev.runhook.domain.run.Delta;
import dev.runhook.domain.run.NewRun;
import dev.runhook.domain.run.RunId;
import dev.runhook.domain.run.RunState;
import dev.runhook.domain.run.RunType;
import dev.runhook.domain.run.Stack;
import dev.runhook.domain.run.StackId;
import dev.runhook.domain.run.Transition;
import dev.runhook.domain.run.TransitionReport;
import dev.runhook.domain.text.Explanation.Code;
import dev.runhook.domain.webhook.Webhook;
import dev.runhook.testkit.ApplicationFixture;
import dev.runhook.testkit.PlainPayloadRenderer;
import dev.runhook.testkit.PostgresStore;
import dev.runhook.testkit.Samples;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

class RunJournalTest {
  @AutoClose private final PostgresStore store = new PostgresStore();
  private final ApplicationFixture app = new ApplicationFixture(store);
  private final AtomicInteger transactions = new AtomicInteger();

  @Test
  void a_transition_is_sent_to_every_webhook_of_the_stack() {
    Webhook one = app.createWebhook(1);
    Webhook two = app.createWebhook(2);
    RunId run = app.startRun("run-1");

    Recorded recorded = app.journal.record(TransitionReport.of(run, RunState.READY));

    assertThat(recorded.deliveryCount()).isEqualTo(2);
    assertThat(recorded.transition().version()).isEqualTo(2);
    assertThat(app.sentStates(one)).containsExactly("QUEUED", "READY");
    assertThat(app.sentStates(two)).containsExactly("QUEUED", "READY");
  }

  @Test
  void many_deliveries_are_recorded_in_several_transactions() {
    IntStream.rangeClosed(1, 100).forEach(app::createWebhook);

    List<RecordResult> results = recordAndCount(60, new PlainPayloadRenderer());

    assertThat(results.stream().map(Recorded.class::cast).map(Recorded::deliveryCount))
        .hasSize(60)
        .containsOnly(100);
    assertThat(transactions).hasValue(3);
  }

  @Test
  void large_payloads_are_recorded_in_several_transactions() {
    app.createWebhook(1);
    Payload payload = Payload.of(new byte[1024 * 1024]);

    List<RecordResult> results = recordAndCount(10, ignored -> payload);

    assertThat(results).hasSize(10).allMatch(Recorded.class::isInstance);
    assertThat(transactions).hasValue(3);
  }

  /// Each transaction wakes the dispatcher once.
  private List<RecordResult> recordAndCount(int reports, PayloadRenderer renderer) {
    RunId run = app.startRun("run-1");
    RunJournal journal =
        new RunJournal(
            app.store,
            new JournalDependencies(renderer, app.ids, app.clock),
            DispatchHandoff.wakeOnly(transactions::incrementAndGet),
            Runnable::run);
    return journal.recordAll(nCopies(reports, TransitionReport.of(run, RunState.PLANNING)));
  }

  @Test
  void webhooks_of_other_stacks_receive_nothing() {
    StackId other = new StackId(Samples.ACME, "other");
    app.journal.register(Stack.named(other, "Other"));
    Webhook onOther =
        app.webhooks.create(other, CreateWebhookRequest.of(Samples.endpoint(1).text()), ADA);

    app.startRun("run-1");

    assertThat(app.sentStates(onOther)).isEmpty();
  }

  @Test
  void a_webhook_that_does_not_match_is_skipped_and_the_reason_is_stored() {
    app.createWebhook(1);
    Webhook otherStates =
        app.createWebhook(draft(2, new Subscription(Set.of(RunState.FAILED), Set.of())));
    Webhook tasksOnly =
        app.createWebhook(draft(3, new Subscription(Set.of(), Set.of(RunType.TASK))));
    Webhook disabled = app.createWebhook(4);
    app.webhooks.update(
        Samples.DEMO, disabled.id(), UpdateWebhookRequest.empty().withEnabled(false), ADA);

    RunId run = app.startRun("run-1");

    List<SkippedTransition> skips =
        app.store.inTransaction(unit -> unit.events().findSkipped(run, List.of(1L)));
    assertThat(skips)
        .containsExactlyInAnyOrder(
            new SkippedTransition(1, otherStates.id(), Code.SKIPPED_STATE.with("FAILED", "QUEUED")),
            new SkippedTransition(1, tasksOnly.id(), Code.SKIPPED_TYPE.with("TASK", "TRACKED")),
            new SkippedTransition(
                1, disabled.id(), Code.SKIPPED_DISABLED.with(Samples.NOON, "Ada")));
    assertThat(app.transport.requests()).hasSize(1);
  }

  @Test
  void a_filter_by_previous_state_or_delta_uses_the_run_before_and_after_the_transition() {
    Webhook afterPlanning =
        app.createWebhook(
            draft(1, Subscription.all().withPreviousStates(Set.of(RunState.PLANNING))));
    Webhook changing = app.createWebhook(draft(2, Subscription.all().withDelta(Optional.of(true))));
    RunId run = app.startRun("run-1");

    app.journal.recordAll(
        List.of(
            TransitionReport.of(run, RunState.PLANNING),
            TransitionReport.of(run, RunState.UNCONFIRMED).withDelta(new Delta(1, 0, 0, 9)),
            TransitionReport.of(run, RunState.CONFIRMED)));

    assertThat(app.sentStates(afterPlanning)).containsExactly("UNCONFIRMED");
    assertThat(app.sentStates(changing)).containsExactly("UNCONFIRMED", "CONFIRMED");
  }

  @Test
  void repeating_the_last_report_changes_nothing() {
    Webhook webhook = app.createWebhook(1);
    RunId run = app.startRun("run-1");
    TransitionReport transitionReport = TransitionReport.of(run, RunState.READY).withVersion(2);
    Recorded first = app.journal.record(transitionReport);

    Recorded second = app.journal.record(transitionReport);

    assertThat(second).isEqualTo(new Recorded(first.run(), first.transition(), 0, true));
    assertThat(app.sentStates(webhook)).containsExactly("QUEUED", "READY");
  }

  @Test
  void repeating_an_earlier_report_changes_nothing_even_in_a_terminal_state() {
    RunId run = app.startRun("run-1");
    Recorded ready = app.journal.record(TransitionReport.of(run, RunState.READY));
    app.record(run, RunState.PREPARING, RunState.FAILED);

    Recorded repeated = app.journal.record(TransitionReport.of(run, RunState.READY).withVersion(2));

    assertThat(repeated)
        .isEqualTo(new Recorded(app.journal.run(run).run(), ready.transition(), 0, true));
  }

  @Test
  void a_stale_report_is_refused_and_nothing_is_recorded() {
    Webhook webhook = app.createWebhook(1);
    RunId run = app.startRun("run-1");
    app.record(run, RunState.READY);

    Refusal refusal =
        refusalOf(
            () -> app.journal.record(TransitionReport.of(run, RunState.PREPARING).withVersion(2)));

    assertThat(refusal).isEqualTo(new Refusal.StaleTransition(2, 2, RunState.READY));
    assertThat(states(run)).containsExactly(RunState.QUEUED, RunState.READY);
    assertThat(app.sentStates(webhook)).containsExactly("QUEUED", "READY");
  }

  @Test
  void nothing_is_recorded_after_a_terminal_state() {
    Webhook webhook = app.createWebhook(1);
    RunId run = app.startRun("run-1");
    app.record(run, RunState.CANCELED);

    Refusal refusal = refusalOf(() -> app.journal.record(TransitionReport.of(run, RunState.READY)));

    assertThat(refusal).isEqualTo(new Refusal.RunEnded("run-1", RunState.CANCELED));
    assertThat(states(run)).containsExactly(RunState.QUEUED, RunState.CANCELED);
    assertThat(app.sentStates(webhook)).containsExactly("QUEUED", "CANCELED");
  }

  @Test
  void an_unexpected_transition_is_recorded_sent_and_marked_as_unexpected() {
    Webhook webhook = app.createWebhook(1);
    RunId run = app.startRun("run-1");

    Recorded recorded = app.journal.record(TransitionReport.of(run, RunState.FINISHED));

    assertThat(recorded.transition().expected()).isFalse();
    assertThat(app.sentStates(webhook)).containsExactly("QUEUED", "FINISHED");
  }

  @Test
  void versions_may_be_omitted_and_may_skip_numbers() {
    RunId run = app.startRun("run-1");

    long skipped =
        app.journal
            .record(TransitionReport.of(run, RunState.READY).withVersion(40))
            .transition()
            .version();
    long next =
        app.journal.record(TransitionReport.of(run, RunState.PREPARING)).transition().version();

    assertThat(List.of(skipped, next)).containsExactly(40L, 41L);
  }

  @Test
  void starting_an_identical_run_again_changes_nothing() {
    Webhook webhook = app.createWebhook(1);
    RunId run = new RunId(Samples.DEMO, "run-1");
    Recorded first = app.journal.start(Samples.newRun(run));
    app.clock.advance(Duration.ofSeconds(1));

    Recorded repeated = app.journal.start(Samples.newRun(run));

    assertThat(first.duplicate()).isFalse();
    assertThat(first.deliveryCount()).isEqualTo(1);
    assertThat(repeated).isEqualTo(new Recorded(first.run(), first.transition(), 0, true));
    assertThat(app.sentStates(webhook)).containsExactly("QUEUED");
  }

  @Test
  void starting_a_different_run_with_the_same_id_is_refused() {
    app.startRun("run-1");
    RunId run = new RunId(Samples.DEMO, "run-1");

    Refusal refusal =
        refusalOf(() ->
            app.journal.start(
                NewRun.of(Samples.fullRunDetails(), TransitionReport.of(run, RunState.QUEUED))));

    assertThat(refusal).isEqualTo(new Refusal.RunConflict("run-1"));
  }

  @Test
  void unknown_ids_are_refused() {
    StackId noStack = new StackId(Samples.ACME, "nil");
    RunId noRun = new RunId(Samples.DEMO, "nil");

    assertThat(refusalOf(() -> app.journal.start(Samples.newRun(new RunId(noStack, "x")))))
        .isEqualTo(new Refusal.NoSuchStack("nil"));
    assertThat(
            refusalOf(() ->
                app.journal.record(TransitionReport.of(new RunId(noStack, "x"), RunState.READY))))
        .isEqualTo(new Refusal.NoSuchStack("nil"));
    assertThat(refusalOf(() -> app.journal.record(TransitionReport.of(noRun, RunState.READY))))
        .isEqualTo(new Refusal.NoSuchRun("nil"));
    assertThat(refusalOf(() -> app.journal.run(noRun))).isEqualTo(new Refusal.NoSuchRun("nil"));
    assertThat(refusalOf(() -> app.journal.stack(noStack)))
        .isEqualTo(new Refusal.NoSuchStack("nil"));
    assertThat(refusalOf(() -> app.journal.runs(noStack, PageRequest.first())))
        .isEqualTo(new Refusal.NoSuchStack("nil"));
    assertThat(refusalOf(() -> app.journal.deleteStack(noStack, ADA)))
        .isEqualTo(new Refusal.NoSuchStack("nil"));
  }

  @Test
  void registering_a_stack_again_updates_it() {
    Stack renamed = Stack.named(Samples.DEMO, "Renamed");

    boolean isNew = app.journal.register(renamed);

    assertThat(isNew).isFalse();
    assertThat(app.journal.stack(Samples.DEMO)).isEqualTo(renamed);
    assertThat(app.journal.stacks(Samples.ACME, new StackScope.All(), PageRequest.first()).items())
        .containsExactly(renamed);
  }

  @Test
  void deleting_a_stack_deletes_its_runs() {
    RunId run = app.startRun("run-1");

    app.journal.deleteStack(Samples.DEMO, ADA);

    assertThat(refusalOf(() -> app.journal.run(run))).isEqualTo(new Refusal.NoSuchStack("demo"));
  }

  @Test
  void concurrent_callers_each_get_their_own_result() throws InterruptedException {
    RunId ended = app.startRun("ended");
    app.record(ended, RunState.CANCELED);
    List<RunId> runs = IntStream.range(0, 40).mapToObj(i -> app.startRun("run-" + i)).toList();
    Queue<Recorded> results = new ConcurrentLinkedQueue<>();
    Queue<Refusal> refusals = new ConcurrentLinkedQueue<>();

    try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor();
        ExecutorService batches = Executors.newVirtualThreadPerTaskExecutor()) {
      RunJournal journal = app.journal(DispatchHandoff.none(), batches);
      for (RunId run : runs) {
        callers.execute(
            () -> results.add(journal.record(TransitionReport.of(run, RunState.READY))));
        callers.execute(() ->
            refusals.add(
                refusalOf(() -> journal.record(TransitionReport.of(ended, RunState.READY)))));
      }
      callers.shutdown();
      assertThat(callers.awaitTermination(20, TimeUnit.SECONDS)).isTrue();
    }

    assertThat(results)
        .extracting(recorded -> recorded.run().id())
        .containsExactlyInAnyOrderElementsOf(runs);
    assertThat(results).allMatch(recorded -> recorded.transition().version() == 2);
    assertThat(refusals).hasSize(40).containsOnly(new Refusal.RunEnded("ended", RunState.CANCELED));
  }

  private List<RunState> states(RunId run) {
    return app.journal.run(run).transitions().items().reversed().stream()
        .map(Transition::state)
        .toList();
  }

  private static CreateWebhookRequest draft(int number, Subscription subscription) {
    return CreateWebhookRequest.of(Samples.endpoint(number).text()).withSubscription(subscription);
  }
}
