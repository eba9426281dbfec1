package dev.runhook.persistence.run;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.runhook.application.spi.Runs.LockedRuns;
import dev.runhook.application.spi.UnitOfWork;
import dev.runhook.domain.run.Run;
import dev.runhook.domain.run.RunId;
import dev.runhook.domain.run.RunProgress;
import dev.runhook.domain.run.RunState;
import dev.runhook.persistence.JdbiTransactor;
import dev.runhook.persistence.Postgres;
import dev.runhook.persistence.StoreFixture;
import dev.runhook.testkit.JournalEntries;
import dev.runhook.testkit.Samples;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class KnownRunsTest {
  @RegisterExtension static final Postgres POSTGRES = Postgres.migrated();

  private static int number;

  private final JdbiTransactor node = POSTGRES.transactor();
  private final JdbiTransactor otherNode = POSTGRES.transactor();
  private RunId run = new RunId(Samples.DEMO, "unset");

  @BeforeAll
  static void addStack() {
    POSTGRES.transactor().run(StoreFixture::addStack);
  }

  @BeforeEach
  void addRun() {
    run = POSTGRES.transactor().inTransaction(unit -> StoreFixture.addRun(unit, "run-" + ++number));
  }

  @Test
  void a_run_that_this_process_has_changed_is_not_read_again() {
    advance(node, RunState.PLANNING);
    tamper("branch = 'not read'");

    assertThat(lock(node).details().branch())
        .isEqualTo(Samples.run(run, Samples.NOON).details().branch());
    assertThat(lock(otherNode).details().branch()).isEqualTo("not read");
  }

  @Test
  void a_run_that_another_process_has_changed_is_read_again() {
    advance(node, RunState.PLANNING);
    advance(otherNode, RunState.UNCONFIRMED);

    assertThat(lock(node).progress()).isEqualTo(new RunProgress(RunState.UNCONFIRMED, 3));
  }

  @Test
  void a_run_of_a_transaction_that_was_rolled_back_is_read_again() {
    advance(node, RunState.PLANNING);

    assertThatIllegalStateException()
        .isThrownBy(() ->
            node.run(unit -> {
              advance(unit, RunState.UNCONFIRMED);
              throw new IllegalStateException("roll back");
            }));

    assertThat(lock(node).progress()).isEqualTo(new RunProgress(RunState.PLANNING, 2));
  }

  @Test
  void a_run_with_another_history_of_the_same_length_is_read_again() {
    advance(node, RunState.PLANNING);
    tamper("branch = 'another', last_transition_at = now()");

    assertThat(lock(node).details().branch()).isEqualTo("another");
  }

  @Test
  void a_known_run_that_another_transaction_has_locked_is_busy() {
    advance(node, RunState.PLANNING);

    LockedRuns found =
        otherNode.inTransaction(holder -> {
          holder.runs().findForUpdate(Set.of(run));
          return node.inTransaction(unit -> unit.runs().tryFindForUpdate(Set.of(run)));
        });

    assertThat(found.busy()).containsExactly(run);
  }

  @Test
  void a_deleted_run_is_unknown_even_if_one_with_its_name_exists() {
    advance(node, RunState.PLANNING);
    POSTGRES
        .jdbi()
        .useHandle(handle -> handle.execute("delete from runhook.run where name = ?", run.name()));
    otherNode.run(unit -> StoreFixture.addRun(unit, run.name()));

    assertThat(lock(node).progress().version()).isEqualTo(1);
  }

  @Test
  void the_least_recently_used_runs_are_dropped() {
    StoredRun one = stored("one");
    StoredRun two = stored("two");
    StoredRun three = stored("three");
    KnownRuns known = new KnownRuns(one.bytes() + two.bytes() + three.bytes() - 1);
    known.put(List.of(one, two));
    known.find(List.of(one.run().id()));

    known.put(List.of(one, three));

    assertThat(known.find(List.of(one.run().id(), two.run().id(), three.run().id())))
        .containsExactly(one, three);
  }

  private static StoredRun stored(String name) {
    Run run = Samples.run(new RunId(Samples.DEMO, name), Samples.NOON);
    return new StoredRun(UUID.randomUUID(), UUID.randomUUID(), run, Map.of(), Samples.NOON);
  }

  private Run lock(JdbiTransactor transactor) {
    return transactor.inTransaction(this::lock);
  }

  private Run lock(UnitOfWork unit) {
    return requireNonNull(unit.runs().tryFindForUpdate(Set.of(run)).locked().get(run));
  }

  private void advance(JdbiTransactor transactor, RunState state) {
    transactor.run(unit -> advance(unit, state));
  }

  private void advance(UnitOfWork unit, RunState state) {
    Run before = lock(unit);
    long next = before.progress().version() + 1;
    Run after = before.withTransition(Samples.transition(run, state, next));
    unit.append(JournalEntries.ofRuns(List.of(after)), StoreFixture.HOUR);
  }

  private void tamper(String assignments) {
    POSTGRES
        .jdbi()
        .useHandle(handle ->
            handle.execute(
                "update runhook.run set " + assignments + " where name = ?", run.name()));
  }
}
