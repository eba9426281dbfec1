package dev.runhook.application.run;

import static dev.runhook.testkit.Samples.ACME;
import static org.assertj.core.api.Assertions.assertThat;

import dev.runhook.application.outbox.DispatchHandoff;
import dev.runhook.application.refusal.Refusal.AccountQuotaExceeded;
import dev.runhook.application.refusal.Refusal.RunEnded;
import dev.runhook.application.refusal.Refusal.StaleTransition;
import dev.runhook.application.run.RecordResult.Recorded;
import dev.runhook.application.run.RecordResult.Rejected;
import dev.runhook.domain.run.Commit;
import dev.runhook.domain.run.NewRun;
import dev.runhook.domain.run.RunDetails;
import dev.runhook.domain.run.RunId;
import dev.runhook.domain.run.RunState;
import dev.runhook.domain.run.Stack;
import dev.runhook.domain.run.StackId;
import dev.runhook.domain.run.Transition;
import dev.runhook.domain.run.TransitionReport;
import dev.runhook.testkit.ApplicationFixture;
import dev.runhook.testkit.PlainPayloadRenderer;
import dev.runhook.testkit.RefusalAssertions;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class RunIngestionTest {
  private static final Stack STACK = Stack.named(new StackId(ACME, "elsewhere"), "Elsewhere");
  private static final RunId RUN = new RunId(STACK.id(), "run-1");
  private static final RunState[] STATES = {
    RunState.QUEUED, RunState.PLANNING, RunState.APPLYING, RunState.FINISHED
  };

  private final ApplicationFixture app = new ApplicationFixture();
  private final RunIngestion runs = new RunIngestion(app.journal);

  private static NewRun entered(RunState state, long version) {
    RunDetails details = RunDetails.tracked("branch of version " + version, Commit.of("0ee3f1c"));
    return NewRun.of(details, TransitionReport.of(RUN, state).withVersion(version));
  }

  private RecordResult record(RunState state, long version) {
    return runs.record(STACK, entered(state, version));
  }

  private List<RunState> states() {
    return app.journal.run(RUN).transitions().items().reversed().stream()
        .map(Transition::state)
        .toList();
  }

  @Test
  void the_first_state_creates_the_stack_and_the_run_and_later_ones_are_added() {
    Recorded first = record(RunState.PLANNING, 2).orThrow();
    Recorded second = record(RunState.APPLYING, 3).orThrow();

    assertThat(first.transition().version()).isEqualTo(2);
    assertThat(second.duplicate()).isFalse();
    assertThat(states()).containsExactly(RunState.PLANNING, RunState.APPLYING);
    assertThat(app.journal.stack(STACK.id())).isEqualTo(STACK);
  }

  @Test
  void an_existing_stack_stays_as_it_is() {
    Stack own = Stack.named(STACK.id(), "My name");
    app.journal.register(own);

    record(RunState.PLANNING, 2).orThrow();

    assertThat(app.journal.stack(STACK.id())).isEqualTo(own);
  }

  @Test
  void repeated_and_late_states_change_nothing() {
    record(RunState.APPLYING, 3).orThrow();

    assertThat(record(RunState.APPLYING, 3).orThrow().duplicate()).isTrue();
    assertThat(record(RunState.PLANNING, 2))
        .isEqualTo(new Rejected(new StaleTransition(2, 3, RunState.APPLYING)));
    record(RunState.FINISHED, 4).orThrow();
    assertThat(record(RunState.FAILED, 5))
        .isEqualTo(new Rejected(new RunEnded("run-1", RunState.FINISHED)));

    assertThat(states()).containsExactly(RunState.APPLYING, RunState.FINISHED);
  }

  @Test
  void concurrent_notifications_of_a_new_run_create_it_once_and_keep_the_order() throws Exception {
    List<Callable<RecordResult>> notifications =
        IntStream.range(0, 16)
            .map(i -> i % STATES.length)
            .<Callable<RecordResult>>mapToObj(step -> () -> record(STATES[step], step + 1))
            .toList();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Future<RecordResult> result : threads.invokeAll(notifications)) {
        assertThat(result.get()).isNotInstanceOf(RecordResult.Failed.class);
      }
    }

    List<Long> versions =
        app.journal.run(RUN).transitions().items().stream().map(Transition::version).toList();
    assertThat(versions).startsWith(4L).isSortedAccordingTo((a, b) -> Long.compare(b, a));
    assertThat(versions).doesNotHaveDuplicates();
    assertThat(LongStream.rangeClosed(1, 4).boxed().toList()).containsAll(versions);
  }

  @Test
  void a_new_stack_counts_for_the_quota_of_the_account() {
    RunJournal limited =
        new RunJournal(
            app.store,
            new JournalDependencies(new PlainPayloadRenderer(), app.ids, app.clock)
                .withMaxStacks(0),
            DispatchHandoff.none(),
            Runnable::run);

    assertThat(
            RefusalAssertions.refusalOf(
                () -> new RunIngestion(limited).record(STACK, entered(RunState.QUEUED, 1))))
        .isEqualTo(new AccountQuotaExceeded("stacks", 0));
  }
}
