package dev.runhook.testkit;

import static dev.runhook.testkit.Refusals.refusalOf;
import static org.assertj.core.api.Assertions.assertThat;

import dev.runhook.application.PageRequest;
import dev.runhook.application.Refusal;
import dev.runhook.application.outbox.Intake;
import dev.runhook.application.run.Recorded;
import dev.runhook.application.run.RunJournal;
import dev.runhook.application.run.Started;
import dev.runhook.application.spi.SkippedDelivery;
import dev.runhook.application.webhook.WebhookDraft;
import dev.runhook.application.webhook.WebhookEdit;
import dev.runhook.domain.account.Reach;
import dev.runhook.domain.event.EventId;
import dev.runhook.domain.run.Report;
import dev.runhook.domain.run.RunId;
import dev.runhook.domain.run.RunState;
import dev.runhook.domain.run.RunType;
import dev.runhook.domain.run.Stack;
import dev.runhook.domain.run.StackId;
import dev.runhook.domain.run.Start;
import dev.runhook.domain.run.Transition;
import dev.runhook.domain.webhook.CustomHeaders;
import dev.runhook.domain.webhook.Decision.Reason;
import dev.runhook.domain.webhook.Pace;
import dev.runhook.domain.webhook.Subscription;
import dev.runhook.domain.webhook.Webhook;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RunJournalTest {
  private final World world = new World();

  @Test
  void a_transition_is_told_to_every_webhook_of_the_stack_at_once() {
    Webhook one = world.webhook(1);
    Webhook two = world.webhook(2);
    RunId run = world.start("run-1");

    Recorded recorded = world.journal.record(Report.of(run, RunState.READY));

    assertThat(recorded.deliveries()).isEqualTo(2);
    assertThat(recorded.version()).isEqualTo(2);
    assertThat(world.told(one)).containsExactly("QUEUED", "READY");
    assertThat(world.told(two)).containsExactly("QUEUED", "READY");
  }

  @Test
  void webhooks_of_other_stacks_hear_nothing() {
    StackId other = new StackId(Samples.ACME, "other");
    world.journal.register(Stack.named(other, "Other"));
    Webhook elsewhere =
        world.webhooks.create(other, WebhookDraft.of(Samples.endpoint(1).text()), World.ADA);

    world.start("run-1");

    assertThat(world.told(elsewhere)).isEmpty();
  }

  @Test
  void a_webhook_that_does_not_want_to_hear_is_skipped_and_the_reason_is_kept() {
    Webhook hearer = world.webhook(1);
    Webhook choosy = world.webhook(draft(2, new Subscription(Set.of(RunState.FAILED), Set.of())));
    Webhook tasksOnly = world.webhook(draft(3, new Subscription(Set.of(), Set.of(RunType.TASK))));
    Webhook disabled = world.webhook(4);
    world.webhooks.edit(Samples.DEMO, disabled.id(), WebhookEdit.none().enabled(false), World.ADA);

    world.start("run-1");

    EventId event = world.latestOf(hearer).event();
    List<SkippedDelivery> skips = world.store.inTransaction(unit -> unit.events().skips(event));
    assertThat(skips)
        .containsExactlyInAnyOrder(
            new SkippedDelivery(
                event,
                choosy.id(),
                Reason.STATE_NOT_WANTED,
                "wants only the states FAILED, and this was QUEUED"),
            new SkippedDelivery(
                event,
                tasksOnly.id(),
                Reason.TYPE_NOT_WANTED,
                "wants only runs of the types TASK, and this is TRACKED"),
            new SkippedDelivery(
                event,
                disabled.id(),
                Reason.DISABLED,
                "was disabled since 2026-03-14T12:00:00Z: disabled by Ada"));
    assertThat(world.transport.requests()).hasSize(1);
  }

  @Test
  void the_same_report_again_changes_nothing() {
    Webhook webhook = world.webhook(1);
    RunId run = world.start("run-1");
    Report report = Report.of(run, RunState.READY).versioned(2);
    Recorded first = world.journal.record(report);

    Recorded second = world.journal.record(report);

    assertThat(second).isEqualTo(new Recorded(first.transition(), 0, true));
    assertThat(world.told(webhook)).containsExactly("QUEUED", "READY");
  }

  @Test
  void an_earlier_report_again_changes_nothing_even_after_the_end() {
    RunId run = world.start("run-1");
    Recorded ready = world.journal.record(Report.of(run, RunState.READY));
    world.move(run, RunState.PREPARING, RunState.FAILED);

    Recorded again = world.journal.record(Report.of(run, RunState.READY).versioned(2));

    assertThat(again).isEqualTo(new Recorded(ready.transition(), 0, true));
  }

  @Test
  void a_stale_report_is_refused_and_nothing_is_recorded() {
    Webhook webhook = world.webhook(1);
    RunId run = world.start("run-1");
    world.move(run, RunState.READY);

    Refusal refusal =
        refusalOf(() -> world.journal.record(Report.of(run, RunState.PREPARING).versioned(2)));

    assertThat(refusal).isEqualTo(new Refusal.StaleTransition(2, 2, RunState.READY));
    assertThat(states(run)).containsExactly(RunState.QUEUED, RunState.READY);
    assertThat(world.told(webhook)).containsExactly("QUEUED", "READY");
  }

  @Test
  void nothing_is_recorded_after_the_end() {
    Webhook webhook = world.webhook(1);
    RunId run = world.start("run-1");
    world.move(run, RunState.CANCELED);

    Refusal refusal = refusalOf(() -> world.journal.record(Report.of(run, RunState.READY)));

    assertThat(refusal).isEqualTo(new Refusal.RunHasEnded("run-1", RunState.CANCELED));
    assertThat(states(run)).containsExactly(RunState.QUEUED, RunState.CANCELED);
    assertThat(world.told(webhook)).containsExactly("QUEUED", "CANCELED");
  }

  @Test
  void an_unusual_move_is_recorded_told_and_marked() {
    Webhook webhook = world.webhook(1);
    RunId run = world.start("run-1");

    Recorded recorded = world.journal.record(Report.of(run, RunState.FINISHED));

    assertThat(recorded.transition().usual()).isFalse();
    assertThat(world.told(webhook)).containsExactly("QUEUED", "FINISHED");
  }

  @Test
  void versions_may_be_left_out_or_leap() {
    RunId run = world.start("run-1");

    long leapt = world.journal.record(Report.of(run, RunState.READY).versioned(40)).version();
    long next = world.journal.record(Report.of(run, RunState.PREPARING)).version();

    assertThat(List.of(leapt, next)).containsExactly(40L, 41L);
  }

  @Test
  void a_run_that_is_started_again_the_same_way_is_there_once() {
    Webhook webhook = world.webhook(1);
    RunId run = new RunId(Samples.DEMO, "run-1");
    Started first = world.journal.start(Samples.start(run));
    world.clock.advance(Duration.ofSeconds(1));

    Started again = world.journal.start(Samples.start(run));

    assertThat(first.first().repeated()).isFalse();
    assertThat(first.first().deliveries()).isEqualTo(1);
    assertThat(again.first()).isEqualTo(new Recorded(first.first().transition(), 0, true));
    assertThat(again.run()).isEqualTo(first.run());
    assertThat(world.told(webhook)).containsExactly("QUEUED");
  }

  @Test
  void a_run_that_began_otherwise_is_refused() {
    world.start("run-1");
    RunId run = new RunId(Samples.DEMO, "run-1");

    Refusal refusal =
        refusalOf(() ->
            world.journal.start(Start.of(Samples.fullSubject(), Report.of(run, RunState.QUEUED))));

    assertThat(refusal).isEqualTo(new Refusal.RunDiffers("run-1"));
  }

  @Test
  void what_is_not_there_is_refused() {
    StackId noStack = new StackId(Samples.ACME, "nil");
    RunId noRun = new RunId(Samples.DEMO, "nil");

    assertThat(refusalOf(() -> world.journal.start(Samples.start(new RunId(noStack, "x")))))
        .isEqualTo(new Refusal.NoSuchStack("nil"));
    assertThat(
            refusalOf(
                () -> world.journal.record(Report.of(new RunId(noStack, "x"), RunState.READY))))
        .isEqualTo(new Refusal.NoSuchStack("nil"));
    assertThat(refusalOf(() -> world.journal.record(Report.of(noRun, RunState.READY))))
        .isEqualTo(new Refusal.NoSuchRun("nil"));
    assertThat(refusalOf(() -> world.journal.run(noRun))).isEqualTo(new Refusal.NoSuchRun("nil"));
    assertThat(refusalOf(() -> world.journal.stack(noStack)))
        .isEqualTo(new Refusal.NoSuchStack("nil"));
    assertThat(refusalOf(() -> world.journal.runs(noStack, PageRequest.first())))
        .isEqualTo(new Refusal.NoSuchStack("nil"));
    assertThat(refusalOf(() -> world.journal.deleteStack(noStack, World.ADA)))
        .isEqualTo(new Refusal.NoSuchStack("nil"));
  }

  @Test
  void a_stack_is_new_once_and_changes_after_that() {
    Stack renamed = Stack.named(Samples.DEMO, "Renamed");

    boolean isNew = world.journal.register(renamed);

    assertThat(isNew).isFalse();
    assertThat(world.journal.stack(Samples.DEMO)).isEqualTo(renamed);
    assertThat(
            world.journal.stacks(Samples.ACME, new Reach.AllStacks(), PageRequest.first()).items())
        .containsExactly(renamed);
  }

  @Test
  void a_deleted_stack_is_gone_with_its_runs() {
    RunId run = world.start("run-1");

    world.journal.deleteStack(Samples.DEMO, World.ADA);

    assertThat(refusalOf(() -> world.journal.run(run))).isEqualTo(new Refusal.NoSuchStack("demo"));
  }

  @Test
  void many_callers_at_once_each_get_their_own_answer() throws InterruptedException {
    RunId ended = world.start("ended");
    world.move(ended, RunState.CANCELED);
    List<RunId> runs = IntStream.range(0, 40).mapToObj(i -> world.start("run-" + i)).toList();
    Queue<Recorded> answers = new ConcurrentLinkedQueue<>();
    Queue<Refusal> refusals = new ConcurrentLinkedQueue<>();

    try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor();
        ExecutorService batches = Executors.newVirtualThreadPerTaskExecutor()) {
      RunJournal journal = world.journal(Intake.none(), batches);
      for (RunId run : runs) {
        callers.execute(() -> answers.add(journal.record(Report.of(run, RunState.READY))));
        callers.execute(
            () -> refusals.add(refusalOf(() -> journal.record(Report.of(ended, RunState.READY)))));
      }
      callers.shutdown();
      assertThat(callers.awaitTermination(20, TimeUnit.SECONDS)).isTrue();
    }

    assertThat(answers).extracting(Recorded::run).containsExactlyInAnyOrderElementsOf(runs);
    assertThat(answers).allMatch(recorded -> recorded.version() == 2);
    assertThat(refusals)
        .hasSize(40)
        .containsOnly(new Refusal.RunHasEnded("ended", RunState.CANCELED));
  }

  private List<RunState> states(RunId run) {
    return world.journal.run(run).transitions().stream().map(Transition::state).toList();
  }

  private static WebhookDraft draft(int number, Subscription subscription) {
    return new WebhookDraft(
        Samples.endpoint(number).text(),
        Optional.empty(),
        true,
        "",
        subscription,
        CustomHeaders.none(),
        Pace.usual());
  }
}
