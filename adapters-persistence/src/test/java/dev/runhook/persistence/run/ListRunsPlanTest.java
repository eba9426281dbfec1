package dev.runhook.persistence.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runhook.application.query.Page;
import dev.runhook.application.query.PageRequest;
import dev.runhook.application.query.RunFilter;
import dev.runhook.domain.account.StackScope;
import dev.runhook.domain.run.Run;
import dev.runhook.domain.run.RunState;
import dev.runhook.domain.run.RunType;
import dev.runhook.domain.run.Stack;
import dev.runhook.domain.run.StackId;
import dev.runhook.persistence.JdbiUnitOfWork;
import dev.runhook.persistence.Postgres;
import dev.runhook.testkit.Samples;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// 30 stacks with 60,000 runs, one per second, most of them on one stack. Only the oldest run has a
/// rare state, type and branch. PostgreSQL counts the rows that lists read.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ListRunsPlanTest {
  private static final int RUNS = 60_000;
  private static final int STACKS = 30;

  /// A page and one more row of each stack, and the rows of the page again.
  private static final int MAX_READ_BY_RANGE = (STACKS + 2) * (PageRequest.DEFAULT_LIMIT + 1);

  /// 25 rounds of 200 rows of one stack, or 10 rounds of 100 rows of each, with the newest row of
  /// each stack and the last row of each round.
  private static final int MAX_READ_BY_SEARCH =
      Math.max(25 * (200 + 2), 10 * (STACKS * (100 + 1) + 1));

  @RegisterExtension static final Postgres POSTGRES = Postgres.migrated();

  private final Instant start = Instant.parse("2026-01-01T00:00:00Z");
  private Connection connection;

  @BeforeAll
  void fill() {
    POSTGRES
        .transactor()
        .run(unit ->
            IntStream.range(0, STACKS)
                .mapToObj(number -> new StackId(Samples.ACME, "stack-" + number))
                .forEach(id -> unit.stacks().save(Stack.named(id, id.slug()))));
    POSTGRES
        .jdbi()
        .useHandle(handle -> {
          handle.execute(
              """
              insert into runhook.run (id, stack_id, name, type, branch, commit_hash, commit_message,
                commit_author_name, created_at, state, state_version)
              select gen_random_uuid(), s.id, 'run-' || n, case n when 1 then 'DESTROY' else 'TRACKED' end,
                case n when 1 then 'rare' else 'main' end, 'h', '', '', ?::timestamptz + n * interval '1 s',
                case n when 1 then 'SKIPPED' else 'FINISHED' end, 1
              from generate_series(1, ?) n
              join runhook.stack s on s.slug = 'stack-' || case when n % 10 = 0 then n / 10 % ? else 0 end
              """,
              start.toString(), RUNS, STACKS);
          handle.execute("analyze runhook.run, runhook.stack");
        });
  }

  @BeforeEach
  void connect() throws SQLException {
    connection = POSTGRES.pool().getConnection();
    connection.setAutoCommit(false);
  }

  @AfterEach
  void closeConnection() throws SQLException {
    connection.rollback();
    connection.close();
  }

  List<Map.Entry<String, RunFilter>> ranges() {
    RunFilter all = RunFilter.all();
    Instant middle = start.plusSeconds(RUNS / 2);
    return List.of(
        Map.entry("all runs", all),
        Map.entry("runs until the middle", all.withTo(middle)),
        Map.entry("runs of ten seconds", all.withFrom(middle).withTo(middle.plusSeconds(10))),
        Map.entry("no runs", all.withTo(start)));
  }

  @ParameterizedTest
  @MethodSource("ranges")
  void a_list_of_a_time_range_reads_few_rows_that_it_does_not_show(
      Map.Entry<String, RunFilter> filter) {
    for (StackScope scope : List.of(StackScope.of("stack-0"), new StackScope.All())) {
      long before = reads();

      list(scope, filter.getValue(), PageRequest.first());

      assertThat(reads() - before).isLessThan(MAX_READ_BY_RANGE);
    }
  }

  List<Map.Entry<String, RunFilter>> searches() {
    RunFilter all = RunFilter.all();
    return List.of(
        Map.entry("a rare state", all.withState(RunState.SKIPPED)),
        Map.entry("a state that no run has", all.withState(RunState.FAILED)),
        Map.entry("a rare type", all.withType(RunType.DESTROY)),
        Map.entry("a rare branch", all.withBranch("rare")),
        Map.entry("a prefix that no run has", all.withNamePrefix("none")));
  }

  @ParameterizedTest
  @MethodSource("searches")
  void a_search_reads_a_bounded_number_of_rows(Map.Entry<String, RunFilter> filter) {
    for (StackScope scope : List.of(StackScope.of("stack-0"), new StackScope.All())) {
      long before = reads();

      Page<Run> page = list(scope, filter.getValue(), PageRequest.first());

      assertThat(page.items()).isEmpty();
      assertThat(page.next()).isPresent();
      assertThat(reads() - before).isLessThanOrEqualTo(MAX_READ_BY_SEARCH);
    }
  }

  @Test
  void the_pages_of_a_search_lead_to_a_rare_run() {
    RunFilter rare = RunFilter.all().withBranch("rare");
    PageRequest request = PageRequest.first();
    Page<Run> page = list(StackScope.of("stack-0"), rare, request);
    int pages = 1;

    while (page.items().isEmpty()) {
      page = list(StackScope.of("stack-0"), rare, request.withAfter(page.next().orElseThrow()));
      pages++;
    }

    assertThat(page.items()).extracting(run -> run.id().name()).containsExactly("run-1");
    assertThat(page.next()).isEmpty();
    assertThat(pages).isEqualTo(11);
  }

  private Page<Run> list(StackScope scope, RunFilter filter, PageRequest request) {
    return JdbiUnitOfWork.joining(connection).runs().list(Samples.ACME, scope, filter, request);
  }

  /// The rows of runs that this transaction has read so far, from the table or an index.
  private long reads() {
    return Jdbi.create(connection)
        .open()
        .createQuery(
            """
            select (select seq_tup_read + coalesce(idx_tup_fetch, 0) from pg_stat_xact_all_tables
                    where relid = 'runhook.run'::regclass)
            """)
        .mapTo(Long.class)
        .one();
  }
}
