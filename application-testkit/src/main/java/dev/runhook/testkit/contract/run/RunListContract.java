package dev.runhook.testkit.contract.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runhook.application.query.Page;
import dev.runhook.application.query.PageRequest;
import dev.runhook.application.query.RunFilter;
import dev.runhook.application.spi.Transactor;
import dev.runhook.domain.account.StackScope;
import dev.runhook.domain.account.StackScope.All;
import dev.runhook.domain.account.StackScope.Only;
import dev.runhook.domain.run.Run;
import dev.runhook.domain.run.RunDetails;
import dev.runhook.domain.run.RunId;
import dev.runhook.domain.run.RunState;
import dev.runhook.domain.run.RunType;
import dev.runhook.domain.run.StackId;
import dev.runhook.testkit.Samples;
import dev.runhook.testkit.contract.fixture.Contract;
import dev.runhook.testkit.contract.fixture.ContractFixture;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// Requirements for lists of runs.
@Contract
public interface RunListContract {
  Transactor transactor();

  @Test
  default void runs_are_listed_newest_first_and_pages_neither_repeat_nor_skip_any() {
    ContractFixture fixture = ContractFixture.on(transactor());
    List<RunId> added = IntStream.range(0, 5).mapToObj(ignored -> fixture.addRun()).toList();
    RunFilter matchesAll = RunFilter.all().withBranch("main").withFrom(Instant.EPOCH);

    List<RunId> listed = listAllPages(fixture, demo(), RunFilter.all(), () -> fixture.addRun());
    List<RunId> filtered = listAllPages(fixture, demo(), matchesAll, () -> fixture.addRun());

    assertThat(listed).isEqualTo(added.reversed());
    assertThat(filtered).endsWith(added.reversed().toArray(RunId[]::new)).doesNotHaveDuplicates();
  }

  @Test
  default void runs_are_ordered_by_their_creation_and_not_by_their_recording() {
    ContractFixture fixture = ContractFixture.on(transactor());
    Instant now = fixture.now();
    RunId newest = fixture.addRun(now);
    RunId sameTime = fixture.addRun(now);
    RunId oldest = fixture.addRun(now.minusSeconds(2));
    RunId between = fixture.addRun(now.minusSeconds(1));

    List<RunId> listed = listAllPages(fixture, demo(), RunFilter.all(), () -> {});

    assertThat(listed).containsExactly(sameTime, newest, between, oldest);
  }

  /// Pages of several stores are merged by the texts of their cursors.
  @Test
  default void the_cursors_of_runs_sort_as_texts_in_the_order_of_the_runs() {
    ContractFixture fixture = ContractFixture.on(transactor());
    Instant now = fixture.now().truncatedTo(ChronoUnit.SECONDS);
    IntStream.of(0, 1_000, 20_000_000, 120_000_000, 123_456_000)
        .forEach(nanos -> fixture.addRun(now.plusNanos(nanos)));

    Page<Run> page =
        fixture.inTransaction(unit ->
            unit.runs()
                .list(fixture.stackId().account(), demo(), RunFilter.all(), PageRequest.first()));

    assertThat(page.cursors())
        .hasSize(5)
        .doesNotHaveDuplicates()
        .isSortedAccordingTo(Comparator.reverseOrder());
  }

  @Test
  default void every_criterion_excludes_runs_that_do_not_match() {
    ContractFixture fixture = ContractFixture.on(transactor());
    RunId plain = fixture.addRun();
    RunId task = fixture.addRun(fixture.stackId(), Samples.runDetails(RunType.TASK), fixture.now());
    RunDetails other = RunDetails.tracked("Main", Samples.commit());
    RunId branch = fixture.addRun(fixture.stackId(), other, fixture.now());
    fixture.addDelivery(fixture.addWebhook(), plain, RunState.PLANNING);

    RunFilter all = RunFilter.all();

    assertThat(list(fixture, all)).containsExactly(branch, task, plain);
    assertThat(list(fixture, all.withState(RunState.PLANNING))).containsExactly(plain);
    assertThat(list(fixture, all.withState(RunState.QUEUED))).containsExactly(branch, task);
    assertThat(list(fixture, all.withState(RunState.FAILED))).isEmpty();
    assertThat(list(fixture, all.withType(RunType.TASK))).containsExactly(task);
    assertThat(list(fixture, all.withBranch("Main"))).containsExactly(branch);
    assertThat(list(fixture, all.withBranch("main"))).containsExactly(task, plain);
    assertThat(list(fixture, all.withBranch("ma_n"))).isEmpty();
    assertThat(list(fixture, all.withNamePrefix(task.name()))).containsExactly(task);
    assertThat(list(fixture, all.withNamePrefix(task.name().substring(0, 1))))
        .containsExactly(branch, task, plain);
    assertThat(list(fixture, all.withNamePrefix(task.name().substring(1)))).isEmpty();
    assertThat(list(fixture, all.withNamePrefix("_"))).isEmpty();
    String hash = Samples.commit().hash();
    assertThat(list(fixture, all.withCommitPrefix(hash.substring(0, 2))))
        .containsExactly(branch, task, plain);
    assertThat(list(fixture, all.withCommitPrefix(hash.substring(1)))).isEmpty();
    assertThat(list(fixture, all.withBranch("main").withState(RunState.QUEUED)))
        .containsExactly(task);
  }

  @Test
  default void runs_are_filtered_by_creation_time() {
    ContractFixture fixture = ContractFixture.on(transactor());
    Instant created = Instant.parse("2026-01-31T12:00:00.123456Z");
    RunId run = fixture.addRun(created);

    for (RunFilter all : List.of(RunFilter.all(), RunFilter.all().withType(RunType.TRACKED))) {
      assertThat(list(fixture, all.withFrom(created))).containsExactly(run);
      assertThat(list(fixture, all.withFrom(created.plusNanos(1)))).isEmpty();
      assertThat(list(fixture, all.withTo(created))).isEmpty();
      assertThat(list(fixture, all.withTo(created.plusNanos(1)))).containsExactly(run);
      assertThat(list(fixture, all.withFrom(created).withTo(created.plusSeconds(1))))
          .containsExactly(run);
    }
    assertThat(list(fixture, RunFilter.all().withFrom(Instant.parse("0001-01-01T00:00:00Z"))))
        .containsExactly(run);
    assertThat(list(fixture, RunFilter.all().withTo(Instant.parse("9999-12-31T23:59:59.999Z"))))
        .containsExactly(run);
  }

  @Test
  default void runs_of_an_account_are_limited_to_the_stack_scope() {
    ContractFixture otherAccount = ContractFixture.on(transactor());
    otherAccount.addRun();
    ContractFixture fixture = ContractFixture.on(transactor());
    StackId net = fixture.addStack("net");
    fixture.addStack("empty");
    Instant now = fixture.now();
    RunId first = fixture.addRun(now);
    RunId second = fixture.addRun(net, Samples.runDetails(), now.plusMillis(1));
    RunId third = fixture.addRun(now.plusMillis(2));
    RunFilter all = RunFilter.all();
    RunFilter tracked = all.withType(RunType.TRACKED);

    assertThat(listAllPages(fixture, new All(), all, () -> {}))
        .containsExactly(third, second, first);
    assertThat(listAllPages(fixture, new All(), tracked, () -> {}))
        .containsExactly(third, second, first);
    assertThat(listAllPages(fixture, new Only(Set.of("net", "none")), all, () -> {}))
        .containsExactly(second);
    assertThat(listAllPages(fixture, new Only(Set.of("demo", "net")), tracked, () -> {}))
        .containsExactly(third, second, first);
    assertThat(listAllPages(fixture, new Only(Set.of("none")), all, () -> {})).isEmpty();
    assertThat(listAllPages(fixture, new Only(Set.of()), all, () -> {})).isEmpty();
  }

  private static StackScope demo() {
    return StackScope.of("demo");
  }

  private static List<RunId> list(ContractFixture fixture, RunFilter filter) {
    return listAllPages(fixture, demo(), filter, () -> {});
  }

  /// Lists all ids page by page and runs an action between two pages.
  private static List<RunId> listAllPages(
      ContractFixture fixture, StackScope stackScope, RunFilter filter, Runnable between) {
    List<RunId> seen = new ArrayList<>();
    Optional<PageRequest> request = Optional.of(new PageRequest(2, Optional.empty()));
    while (request.isPresent()) {
      PageRequest current = request.get();
      Page<Run> page =
          fixture.inTransaction(
              unit -> unit.runs().list(fixture.account(), stackScope, filter, current));
      page.items().forEach(run -> seen.add(run.id()));
      request = page.next().map(current::withAfter);
      between.run();
    }
    return seen;
  }
}
