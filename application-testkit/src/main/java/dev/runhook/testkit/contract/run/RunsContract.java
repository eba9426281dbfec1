package dev.runhook.testkit.contract.run;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.runhook.application.query.Page;
import dev.runhook.application.query.PageRequest;
import dev.runhook.application.spi.JournalEntry.RenderedEvent;
import dev.runhook.application.spi.Runs.LockedRuns;
import dev.runhook.application.spi.Runs.TransitionKey;
import dev.runhook.application.spi.Transactor;
import dev.runhook.application.spi.UnitOfWork;
import dev.runhook.domain.event.Event.RunStateChanged;
import dev.runhook.domain.event.EventId;
import dev.runhook.domain.event.Payload;
import dev.runhook.domain.run.Run;
import dev.runhook.domain.run.RunId;
import dev.runhook.domain.run.RunProgress;
import dev.runhook.domain.run.RunState;
import dev.runhook.domain.run.StackId;
import dev.runhook.domain.run.Transition;
import dev.runhook.testkit.JournalEntries;
import dev.runhook.testkit.Samples;
import dev.runhook.testkit.contract.fixture.Concurrently;
import dev.runhook.testkit.contract.fixture.Contract;
import dev.runhook.testkit.contract.fixture.ContractFixture;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// Requirements for stores of runs and their transitions.
@Contract
public interface RunsContract {
  Transactor transactor();

  @Test
  default void a_run_is_stored_unchanged() {
    ContractFixture fixture = ContractFixture.on(transactor());
    RunId id = new RunId(fixture.stackId(), "01EF9PFPNFFM2MQXTJKHK1B869");
    Run run =
        new Run(
            id,
            Samples.fullRunDetails(),
            fixture.now(),
            new RunProgress(RunState.PERFORMING, 7),
            Optional.of(Samples.delta()));

    boolean added = fixture.inTransaction(unit -> unit.runs().add(run));

    Run found = fixture.inTransaction(unit -> unit.runs().find(id).orElseThrow());
    assertThat(added).isTrue();
    assertThat(found).isEqualTo(run);
  }

  @Test
  default void a_run_with_a_duplicate_name_is_not_added() {
    ContractFixture fixture = ContractFixture.on(transactor());
    RunId id = fixture.addRun();
    Run before = fixture.inTransaction(unit -> unit.runs().find(id).orElseThrow());
    Run other =
        new Run(
            id,
            Samples.fullRunDetails(),
            fixture.now(),
            new RunProgress(RunState.READY, 3),
            Optional.empty());

    boolean added = fixture.inTransaction(unit -> unit.runs().add(other));

    Run found = fixture.inTransaction(unit -> unit.runs().find(id).orElseThrow());
    assertThat(added).isFalse();
    assertThat(found).isEqualTo(before);
  }

  @Test
  default void two_stacks_can_use_the_same_run_name() {
    ContractFixture fixture = ContractFixture.on(transactor());
    RunId id = fixture.addRun();
    StackId otherStack = fixture.addStack("other");

    boolean added =
        fixture.inTransaction(
            unit -> unit.runs().add(Samples.run(new RunId(otherStack, id.name()), unit.now())));

    assertThat(added).isTrue();
  }

  @Test
  default void a_run_needs_a_stack() {
    ContractFixture fixture = ContractFixture.on(transactor());
    RunId runWithoutStack = new RunId(new StackId(fixture.account(), "missing"), "lost");

    assertThatThrownBy(() ->
            fixture.inTransaction(
                unit -> unit.runs().add(Samples.run(runWithoutStack, unit.now()))))
        .isInstanceOf(RuntimeException.class);
  }

  @Test
  default void only_existing_runs_are_locked() {
    ContractFixture fixture = ContractFixture.on(transactor());
    RunId one = fixture.addRun();
    RunId two = fixture.addRun();
    RunId missing = new RunId(fixture.stackId(), "missing");

    Map<RunId, Run> found =
        fixture.inTransaction(unit -> unit.runs().findForUpdate(List.of(two, missing, one)));

    assertThat(found).containsOnlyKeys(one, two);
  }

  @Test
  default void runs_that_no_other_unit_uses_are_locked_without_waiting() {
    ContractFixture fixture = ContractFixture.on(transactor());
    RunId one = fixture.addRun();
    RunId missing = new RunId(fixture.stackId(), "missing");

    LockedRuns found =
        fixture.inTransaction(unit -> {
          LockedRuns runs = unit.runs().tryFindForUpdate(List.of(missing, one));
          unit.append(JournalEntries.ofRuns(runs.locked().values()), Duration.ZERO);
          return runs;
        });

    assertThat(found.locked()).containsOnlyKeys(one);
    assertThat(found.busy()).isEmpty();
  }

  @Test
  default void saving_a_run_changes_only_its_progress_and_delta() {
    ContractFixture fixture = ContractFixture.on(transactor());
    RunId id = fixture.addRun();
    Run before = fixture.inTransaction(unit -> unit.runs().find(id).orElseThrow());
    Run changed =
        new Run(
            id,
            before.details(),
            before.createdAt(),
            new RunProgress(RunState.PLANNING, 5),
            Optional.of(Samples.delta()));

    transactor()
        .run(unit -> {
          unit.runs().findForUpdate(List.of(id));
          unit.append(JournalEntries.ofRuns(List.of(changed)), Duration.ZERO);
        });

    Run found = fixture.inTransaction(unit -> unit.runs().find(id).orElseThrow());
    assertThat(found).isEqualTo(changed);
  }

  @Test
  default void transitions_are_stored_unchanged_and_listed_by_version() {
    ContractFixture fixture = ContractFixture.on(transactor());
    RunId id = fixture.addRun();
    Transition planned =
        new Transition(
            id, RunState.PLANNING, 2, fixture.now(), true, Optional.empty(), Optional.empty());
    Transition failed =
        new Transition(
            id,
            RunState.FAILED,
            9,
            fixture.now().minusSeconds(60),
            false,
            Optional.of(Samples.delta()),
            Optional.of("ошибка 🔥\nsecond line"),
            Optional.of(Samples.changes()));
    List<RenderedEvent> changes = List.of(change(fixture, failed), change(fixture, planned));
    Instant before = fixture.now();

    transactor()
        .run(unit -> {
          unit.runs().findForUpdate(List.of(id));
          unit.append(JournalEntries.ofEvents(changes), Duration.ZERO);
        });

    Page<Transition> first =
        fixture.inTransaction(
            unit -> unit.runs().transitions(id, new PageRequest(1, Optional.empty())));
    Page<Transition> second =
        fixture.inTransaction(
            unit -> unit.runs().transitions(id, new PageRequest(1, first.next())));
    Map<Long, Instant> recorded =
        fixture.inTransaction(unit ->
            unit.runs().recordedTimes(id, List.of(planned.version(), failed.version(), 77L)));
    Map<Long, Instant> ofNone =
        fixture.inTransaction(unit -> unit.runs().recordedTimes(id, List.of(77L)));
    RunId other = fixture.addRun();
    Map<TransitionKey, Transition> found =
        fixture.inTransaction(unit ->
            unit.runs()
                .findTransitions(
                    Set.of(
                        new TransitionKey(id, 9),
                        new TransitionKey(id, 3),
                        new TransitionKey(other, 9))));
    assertThat(first.items()).containsExactly(failed);
    assertThat(second.items()).containsExactly(planned);
    assertThat(second.next()).isEmpty();
    assertThat(ofNone).isEmpty();
    assertThat(recorded).containsOnlyKeys(planned.version(), failed.version());
    assertThat(recorded.values())
        .allSatisfy(at -> assertThat(at).isBetween(before, fixture.now().plusMillis(1)));
    assertThat(found).containsOnly(Map.entry(new TransitionKey(id, 9), failed));
  }

  @Test
  default void a_run_never_returns_to_an_earlier_version() {
    ContractFixture fixture = ContractFixture.on(transactor());
    RunId id = fixture.addRun();
    Run first = fixture.inTransaction(unit -> unit.runs().find(id).orElseThrow());
    Run second = first.withTransition(Samples.transition(id, RunState.PLANNING, 2));
    transactor().run(unit -> save(unit, second));

    assertThatThrownBy(() -> transactor().run(unit -> save(unit, first)))
        .isInstanceOf(RuntimeException.class);

    Optional<Run> found = fixture.inTransaction(unit -> unit.runs().find(id));
    assertThat(found).contains(second);
  }

  private static void save(UnitOfWork unit, Run run) {
    unit.runs().findForUpdate(List.of(run.id()));
    unit.append(JournalEntries.ofRuns(List.of(run)), Duration.ZERO);
  }

  @Test
  default void concurrent_updates_of_a_run_wait_for_each_other() throws InterruptedException {
    ContractFixture fixture = ContractFixture.on(transactor());
    RunId id = fixture.addRun();

    Concurrently.run(
        4,
        () -> {
          for (int i = 0; i < 10; i++) {
            transactor()
                .run(unit -> {
                  Run run = requireNonNull(unit.runs().findForUpdate(List.of(id)).get(id));
                  long next = run.progress().version() + 1;
                  Run changed = run.withTransition(Samples.transition(id, RunState.PLANNING, next));
                  unit.append(JournalEntries.ofRuns(List.of(changed)), Duration.ZERO);
                });
          }
        });

    Run run = fixture.inTransaction(unit -> unit.runs().find(id).orElseThrow());
    assertThat(run.progress().version()).isEqualTo(41);
  }

  private static RenderedEvent change(ContractFixture fixture, Transition transition) {
    EventId event = fixture.newEventId();
    Run run =
        new Run(
            transition.run(),
            Samples.runDetails(),
            transition.occurredAt(),
            new RunProgress(transition.state(), transition.version()),
            transition.delta());
    return new RenderedEvent(
        new RunStateChanged(
            event, fixture.stack(), run, transition, Optional.empty(), Optional.empty()),
        Payload.of("{}"));
  }
}
