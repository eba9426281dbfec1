package dev.runhook.bootstrap.observe;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.runhook.application.outbox.DispatchHandoff;
import dev.runhook.application.run.JournalDependencies;
import dev.runhook.application.run.RecordResult.Recorded;
import dev.runhook.application.run.RunJournal;
import dev.runhook.application.spi.StoreUnavailableException;
import dev.runhook.application.spi.Transactor;
import dev.runhook.bootstrap.observe.DatabaseMonitor.MonitoredDatabase;
import dev.runhook.domain.run.RunId;
import dev.runhook.domain.run.RunState;
import dev.runhook.domain.run.TransitionReport;
import dev.runhook.http.server.Readiness.Check;
import dev.runhook.persistence.stats.ReplicationStats.Status;
import dev.runhook.testkit.PlainPayloadRenderer;
import dev.runhook.testkit.Samples;
import dev.runhook.testkit.SequentialIdGenerator;
import dev.runhook.testkit.SettableClock;
import dev.runhook.testkit.memory.InMemoryTransactor;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class DatabaseMonitorTest {
  private static final Logger LOG = (Logger) LoggerFactory.getLogger(DatabaseMonitor.class);
  private static final RunId RUN = new RunId(Samples.DEMO, "first");

  private final ListAppender<ILoggingEvent> log = new ListAppender<>();
  private final Transactor store = new InMemoryTransactor(SettableClock.atNoon());

  /// Has acknowledged transitions that the store lacks.
  private final RunJournal oldPrimary = journal(new InMemoryTransactor(SettableClock.atNoon()));

  private final RunJournal newPrimary = journal(store);

  private final PrometheusMetrics metrics = new PrometheusMetrics("1.2.3");
  private long now;
  private final AcknowledgedTransitions acknowledged = new AcknowledgedTransitions(() -> now);
  private Status status = new Status("00000001", Optional.of(2), 0, true);
  private List<String> unsafeSettings = List.of();
  private boolean reachable = true;
  private final DatabaseMonitor monitor = monitor(true);

  private DatabaseMonitor monitor(boolean replicated) {
    return new DatabaseMonitor(
        new MonitoredDatabase(
            2, "-2", replicated, this::isReachable, this::status, () -> unsafeSettings),
        acknowledged,
        store,
        metrics.registry());
  }

  @BeforeEach
  void collectLog() {
    log.start();
    LOG.addAppender(log);
  }

  @AfterEach
  void endLog() {
    LOG.detachAppender(log);
  }

  @Test
  void the_number_of_synchronous_standbys_is_reported() {
    monitor.sample();

    assertThat(checks())
        .contains(new Check("replication-2", true, "synchronous standbys connected: 2"));
    assertThat(standbys()).isEqualTo(2);
    assertThat(messages()).isEmpty();
  }

  @Test
  void the_loss_of_the_last_synchronous_standby_is_reported_once() {
    monitor.sample();

    status = new Status("00000001", Optional.of(0), 1, true);
    monitor.sample();
    monitor.sample();

    assertThat(checks().getLast().detail()).contains("no synchronous standby");
    assertThat(standbys()).isZero();
    assertThat(messages()).containsOnlyOnce("WARN no synchronous standby");
  }

  @Test
  void a_role_that_may_not_see_standbys_is_named_as_a_cause() {
    status = new Status("00000001", Optional.empty(), 0, true);

    monitor.sample();

    assertThat(checks().getLast().detail()).contains("pg_read_all_stats");
    assertThat(standbys()).isNaN();
  }

  @Test
  void one_host_without_standbys_has_no_replication() {
    status = new Status("00000001", Optional.of(0), 0, false);
    DatabaseMonitor single = monitor(false);

    single.sample();

    assertThat(checks(single)).extracting(Check::name).containsExactly("database-2", "schema-2");
    assertThat(messages()).isEmpty();
  }

  @Test
  void one_host_with_only_asynchronous_standbys_is_reported_once() {
    status = new Status("00000001", Optional.of(0), 2, false);
    DatabaseMonitor single = monitor(false);

    single.sample();
    single.sample();

    assertThat(checks(single).getLast().detail()).startsWith("all standbys are asynchronous");
    assertThat(messages()).containsOnlyOnce("WARN all standbys are asynchronous");
  }

  @Test
  void reports_are_said_to_wait_only_if_they_do() {
    monitor.sample();

    status = new Status("00000001", Optional.of(0), 2, false);
    monitor.sample();
    monitor.sample();

    String text = "commits do not wait for a standby; a failover can lose acknowledged transitions";
    assertThat(checks().getLast()).isEqualTo(new Check("replication-2", true, text));
    assertThat(messages()).containsOnlyOnce("ERROR " + text).doesNotContain("reports wait");
  }

  @Test
  void a_database_is_up_while_it_responds() {
    assertThat(up()).isZero();
    monitor.sample();
    assertThat(up()).isEqualTo(1);

    reachable = false;
    monitor.sample();

    assertThat(up()).isZero();
    assertThat(checks()).containsExactly(new Check("database-2", false, "unreachable"));
  }

  @Test
  void a_check_that_waits_for_the_database_ends_in_time_and_is_not_repeated() {
    CountDownLatch answer = new CountDownLatch(1);
    AtomicInteger queries = new AtomicInteger();
    DatabaseMonitor silent =
        new DatabaseMonitor(
            new MonitoredDatabase(
                1,
                "",
                false,
                () -> {
                  queries.incrementAndGet();
                  await(answer);
                  return true;
                },
                this::status,
                List::of),
            acknowledged,
            store,
            new PrometheusMetrics("1.2.3").registry());

    for (int i = 0; i < 3; i++) {
      assertThat(silent.await(silent.startChecks(), Duration.ofMillis(10)))
          .containsExactly(new Check("database", false, "no response within 10 ms"));
    }
    CompletableFuture<List<Check>> last = silent.startChecks();
    answer.countDown();

    assertThat(silent.await(last, Duration.ofSeconds(30)))
        .contains(new Check("database", true, "reachable"));
    assertThat(queries).hasValue(1);
  }

  @Test
  void a_new_primary_with_all_acknowledged_transitions_is_not_an_error() {
    acknowledge(start(newPrimary));
    acknowledge(record(newPrimary, RunState.PLANNING));

    failOver();

    assertThat(messages()).contains("INFO the database has a new primary").doesNotContain("ERROR");
    assertThat(lostTransitions()).isZero();
  }

  @Test
  void a_new_primary_that_lacks_acknowledged_transitions_is_an_error() {
    start(newPrimary);
    acknowledge(start(oldPrimary));
    acknowledge(record(oldPrimary, RunState.PLANNING));

    failOver();

    assertThat(messages())
        .contains("ERROR the database has lost acknowledged transitions")
        .contains("version 2 of run first of stack demo")
        .contains("docs/operations/backup.md");
    assertThat(lostTransitions()).isEqualTo(1);
  }

  @Test
  void a_loss_is_not_hidden_by_what_the_new_primary_has_recorded() {
    start(newPrimary);
    acknowledge(start(oldPrimary));
    acknowledge(record(oldPrimary, RunState.PLANNING));
    record(newPrimary, RunState.CANCELED);
    monitor.sample();

    failOver();

    assertThat(lostTransitions()).isEqualTo(1);
  }

  @Test
  void transitions_of_a_deleted_stack_are_not_missed() {
    acknowledge(start(oldPrimary));
    acknowledged.remove(Samples.DEMO);

    failOver();

    assertThat(messages()).doesNotContain("ERROR");
  }

  @Test
  void a_new_primary_that_is_not_replicated_synchronously_is_an_error() {
    unsafeSettings = List.of("synchronous_standby_names empty");

    failOver();

    assertThat(messages()).contains("ERROR the new primary has synchronous_standby_names empty");
  }

  @Test
  void a_new_primary_is_checked_again_if_it_was_unreachable() {
    acknowledge(start(oldPrimary));
    monitor.sample();

    reachable = false;
    monitor.sample();
    reachable = true;
    failOver();

    assertThat(lostTransitions()).isEqualTo(1);
  }

  private List<Check> checks() {
    return checks(monitor);
  }

  private static List<Check> checks(DatabaseMonitor monitor) {
    return monitor.await(monitor.startChecks(), Duration.ofSeconds(30));
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private void failOver() {
    monitor.sample();
    status = new Status("00000002", Optional.of(1), 0, true);
    monitor.sample();
    monitor.sample();
  }

  private Status status() {
    var ignored = isReachable();
    return status;
  }

  private boolean isReachable() {
    if (!reachable) {
      throw new StoreUnavailableException("no primary");
    }
    return true;
  }

  private static Recorded start(RunJournal journal) {
    journal.register(Samples.stack());
    return journal.start(Samples.newRun(RUN));
  }

  private static Recorded record(RunJournal journal, RunState state) {
    return journal.record(TransitionReport.of(RUN, state));
  }

  private static RunJournal journal(Transactor database) {
    SettableClock clock = SettableClock.atNoon();
    return new RunJournal(
        database,
        new JournalDependencies(
            new PlainPayloadRenderer(), new SequentialIdGenerator(clock), clock),
        DispatchHandoff.none(),
        Runnable::run);
  }

  private void acknowledge(Recorded recorded) {
    now += Duration.ofSeconds(1).toNanos();
    acknowledged.add(recorded);
  }

  private double up() {
    return metrics.registry().get("runhook.database.up").gauge().value();
  }

  private double standbys() {
    return metrics.registry().get("runhook.database.synchronous.standbys").gauge().value();
  }

  private double lostTransitions() {
    return metrics.registry().get("runhook.database.lost.transitions").counter().count();
  }

  private String messages() {
    return log.list.stream()
        .map(event ->
            event.getLevel() + " " + event.getFormattedMessage() + " " + event.getKeyValuePairs())
        .collect(Collectors.joining("\n"));
  }
}
