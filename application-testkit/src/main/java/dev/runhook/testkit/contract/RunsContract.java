package dev.runhook.testkit.contract;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.runhook.application.Page;
import dev.runhook.application.PageRequest;
import dev.runhook.application.spi.Transactor;
import dev.runhook.domain.event.Event.RunStateChanged;
import dev.runhook.domain.event.EventId;
import dev.runhook.domain.run.Run;
import dev.runhook.domain.run.RunId;
import dev.runhook.domain.run.RunProgress;
import dev.runhook.domain.run.RunState;
import dev.runhook.domain.run.StackId;
import dev.runhook.domain.run.Transition;
import dev.runhook.testkit.Samples;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// What a store does with runs and their transitions.
@Contract
public interface RunsContract {
  Transactor transactor();

  @Test
  default void a_run_comes_back_as_it_was() {
    ContractFixture contractFixture = ContractFixture.on(transactor());
    RunId id = new RunId(contractFixture.stackId(), "01EF9PFPNFFM2MQXTJKHK1B869");
    Run run =
        new Run(
            id,
            Samples.fullRunDetails(),
            contractFixture.now(),
            new RunProgress(RunState.PERFORMING, 7),
            Optional.of(Samples.delta()));

    boolean added = contractFixture.inTransaction(unit -> unit.runs().add(run));

    Run found = contractFixture.inTransaction(unit -> unit.runs().find(id).orElseThrow());
    assertThat(added).isTrue();
    assertThat(found).isEqualTo(run);
  }

  @Test
  default void a_run_of_a_taken_name_is_not_added() {
    ContractFixture contractFixture = ContractFixture.on(transactor());
    RunId id = contractFixture.addRun();
    Run before = contractFixture.inTransaction(unit -> unit.runs().find(id).orElseThrow());
    Run other =
        new Run(
            id,
            Samples.fullRunDetails(),
            contractFixture.now(),
            new RunProgress(RunState.READY, 3),
            Optional.empty());

    boolean added = contractFixture.inTransaction(unit -> unit.runs().add(other));

    Run found = contractFixture.inTransaction(unit -> unit.runs().find(id).orElseThrow());
    assertThat(added).isFalse();
    assertThat(found).isEqualTo(before);
  }

  @Test
  default void one_name_on_two_stacks_is_two_runs() {
    ContractFixture contractFixture = ContractFixture.on(transactor());
    RunId id = contractFixture.addRun();
    StackId otherStack = contractFixture.addStack("other");

    boolean added =
        contractFixture.inTransaction(
            unit -> unit.runs().add(Samples.run(new RunId(otherStack, id.name()), unit.now())));

    assertThat(added).isTrue();
  }

  @Test
  default void a_run_needs_a_stack() {
    ContractFixture contractFixture = ContractFixture.on(transactor());
    RunId lost = new RunId(new StackId(contractFixture.account(), "missing"), "lost");

    assertThatThrownBy(() ->
            contractFixture.inTransaction(unit -> unit.runs().add(Samples.run(lost, unit.now()))))
        .isInstanceOf(RuntimeException.class);
  }

  @Test
  default void of_the_runs_asked_for_those_are_locked_that_exist() {
    ContractFixture contractFixture = ContractFixture.on(transactor());
    RunId one = contractFixture.addRun();
    RunId two = contractFixture.addRun();
    RunId missing = new RunId(contractFixture.stackId(), "missing");

    Map<RunId, Run> found =
        contractFixture.inTransaction(
            unit -> unit.runs().findForUpdate(List.of(two, missing, one)));

    assertThat(found).containsOnlyKeys(one, two);
  }

  @Test
  default void progress_and_delta_are_kept_and_the_rest_stays() {
    ContractFixture contractFixture = ContractFixture.on(transactor());
    RunId id = contractFixture.addRun();
    Run before = contractFixture.inTransaction(unit -> unit.runs().find(id).orElseThrow());
    Run moved =
        new Run(
            id,
            before.details(),
            before.createdAt(),
            new RunProgress(RunState.PLANNING, 5),
            Optional.of(Samples.delta()));

    transactor()
        .run(unit -> {
          unit.runs().findForUpdate(List.of(id));
          unit.runs().save(List.of(moved), List.of());
        });

    Run found = contractFixture.inTransaction(unit -> unit.runs().find(id).orElseThrow());
    assertThat(found).isEqualTo(moved);
  }

  @Test
  default void transitions_come_back_as_they_were_by_version() {
    ContractFixture contractFixture = ContractFixture.on(transactor());
    RunId id = contractFixture.addRun();
    Transition planned =
        new Transition(
            id,
            RunState.PLANNING,
            2,
            contractFixture.now(),
            true,
            Optional.empty(),
            Optional.empty());
    Transition failed =
        new Transition(
            id,
            RunState.FAILED,
            9,
            contractFixture.now().minusSeconds(60),
            false,
            Optional.of(Samples.delta()),
            Optional.of("ошибка 🔥\nsecond line"));
    List<RunStateChanged> moves =
        List.of(move(contractFixture, failed), move(contractFixture, planned));
    Instant before = contractFixture.now();

    transactor()
        .run(unit -> {
          unit.runs().findForUpdate(List.of(id));
          unit.runs().addTransitions(moves);
        });

    List<Transition> all = contractFixture.inTransaction(unit -> unit.runs().transitions(id));
    Map<Long, Instant> recorded =
        contractFixture.inTransaction(unit -> unit.runs().recordedTimes(id));
    Optional<Transition> ninth =
        contractFixture.inTransaction(unit -> unit.runs().findTransition(id, 9));
    Optional<Transition> third =
        contractFixture.inTransaction(unit -> unit.runs().findTransition(id, 3));
    assertThat(all).containsExactly(planned, failed);
    assertThat(recorded).containsOnlyKeys(planned.version(), failed.version());
    assertThat(recorded.values())
        .allSatisfy(at -> assertThat(at).isBetween(before, contractFixture.now().plusMillis(1)));
    assertThat(ninth).contains(failed);
    assertThat(third).isEmpty();
  }

  @Test
  default void a_version_is_unique_in_its_run() {
    ContractFixture contractFixture = ContractFixture.on(transactor());
    RunId id = contractFixture.addRun();
    Transition first =
        new Transition(
            id, RunState.READY, 2, contractFixture.now(), true, Optional.empty(), Optional.empty());
    Transition second =
        new Transition(
            id,
            RunState.PREPARING,
            2,
            contractFixture.now(),
            true,
            Optional.empty(),
            Optional.empty());
    List<RunStateChanged> one = List.of(move(contractFixture, first));
    List<RunStateChanged> two = List.of(move(contractFixture, second));
    transactor()
        .run(unit -> {
          unit.runs().findForUpdate(List.of(id));
          unit.runs().addTransitions(one);
        });

    assertThatThrownBy(() ->
            transactor()
                .run(unit -> {
                  unit.runs().findForUpdate(List.of(id));
                  unit.runs().addTransitions(two);
                }))
        .isInstanceOf(RuntimeException.class);

    List<Transition> kept = contractFixture.inTransaction(unit -> unit.runs().transitions(id));
    assertThat(kept).containsExactly(first);
  }

  @Test
  default void a_locked_run_waits_for_whoever_locked_it() throws InterruptedException {
    ContractFixture contractFixture = ContractFixture.on(transactor());
    RunId id = contractFixture.addRun();

    Concurrently.run(
        4,
        () -> {
          for (int i = 0; i < 10; i++) {
            transactor()
                .run(unit -> {
                  Run run = requireNonNull(unit.runs().findForUpdate(List.of(id)).get(id));
                  long next = run.progress().version() + 1;
                  unit.runs()
                      .save(
                          List.of(
                              run.withTransition(Samples.transition(id, RunState.PLANNING, next))),
                          List.of());
                });
          }
        });

    Run run = contractFixture.inTransaction(unit -> unit.runs().find(id).orElseThrow());
    assertThat(run.progress().version()).isEqualTo(41);
  }

  @Test
  default void the_latest_run_is_listed_first_and_pages_neither_repeat_nor_skip() {
    ContractFixture contractFixture = ContractFixture.on(transactor());
    List<RunId> added =
        new ArrayList<>(IntStream.range(0, 5).mapToObj(_ -> contractFixture.addRun()).toList());
    PageRequest two = new PageRequest(2, Optional.empty());

    Page<Run> first =
        contractFixture.inTransaction(unit -> unit.runs().list(contractFixture.stackId(), two));
    contractFixture.addRun();
    Page<Run> second =
        contractFixture.inTransaction(unit ->
            unit.runs().list(contractFixture.stackId(), two.withAfter(first.next().orElseThrow())));
    Page<Run> third =
        contractFixture.inTransaction(unit ->
            unit.runs()
                .list(contractFixture.stackId(), two.withAfter(second.next().orElseThrow())));

    List<RunId> listed = new ArrayList<>();
    List.of(first, second, third)
        .forEach(page -> page.items().forEach(run -> listed.add(run.id())));
    assertThat(listed).isEqualTo(added.reversed());
    assertThat(third.next()).isEmpty();
  }

  private static RunStateChanged move(ContractFixture contractFixture, Transition transition) {
    EventId event = contractFixture.newEventId();
    Run run =
        new Run(
            transition.run(),
            Samples.runDetails(),
            transition.occurredAt(),
            new RunProgress(transition.state(), transition.version()),
            transition.delta());
    return new RunStateChanged(event, contractFixture.stack(), run, transition);
  }
}
