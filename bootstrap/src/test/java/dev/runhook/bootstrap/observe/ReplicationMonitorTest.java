package dev.runhook.bootstrap.observe;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.runhook.application.run.RecordResult.Recorded;
import dev.runhook.application.spi.StoreUnavailableException;
import dev.runhook.application.spi.Transactor;
import dev.runhook.domain.run.Run;
import dev.runhook.domain.run.RunId;
import dev.runhook.domain.run.RunState;
import dev.runhook.http.server.Readiness.Check;
import dev.runhook.persistence.stats.ReplicationStats.Status;
import dev.runhook.testkit.Samples;
import dev.runhook.testkit.SettableClock;
import dev.runhook.testkit.memory.InMemoryTransactor;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class ReplicationMonitorTest {
  private static final Logger LOG = (Logger) LoggerFactory.getLogger(ReplicationMonitor.class);
  private static final RunId RUN = new RunId(Samples.DEMO, "first");

  private final ListAppender<ILoggingEvent> log = new ListAppender<>();
  private final Transactor store = new InMemoryTransactor(SettableClock.atNoon());
  private final PrometheusMetrics metrics = new PrometheusMetrics("1.2.3");
  private long now;
  private final AcknowledgedTransitions acknowledged = new AcknowledgedTransitions(() -> now);
  private Status status = new Status("00000001", Optional.of(2));
  private List<String> unsafeSettings = List.of();
  private boolean reachable = true;
  private final ReplicationMonitor monitor =
      new ReplicationMonitor(
          new ReplicationMonitor.MonitoredDatabase(true, this::status, () -> unsafeSettings),
          acknowledged,
          store,
          metrics.registry());

  @BeforeEach
  void collectLog() {
    log.start();
    LOG.addAppender(log);
  }

  @AfterEach
  void endLog() {
    LOG.detachAppender(log);
  }

  /// The monitor of a database that has only one host.
  static ReplicationMonitor withOneHost() {
    return new ReplicationMonitor(
        new ReplicationMonitor.MonitoredDatabase(
            false, () -> new Status("00000001", Optional.of(0)), List::of),
        new AcknowledgedTransitions(() -> 0),
        new InMemoryTransactor(SettableClock.atNoon()),
        new PrometheusMetrics("1.2.3").registry());
  }

  @Test
  void the_number_of_synchronous_standbys_is_reported() {
    monitor.sample();

    assertThat(monitor.check())
        .contains(new Check("replication", true, "synchronous standbys connected: 2"));
    assertThat(standbys()).isEqualTo(2);
    assertThat(messages()).isEmpty();
  }

  @Test
  void the_loss_of_the_last_synchronous_standby_is_reported_once() {
    monitor.sample();

    status = new Status("00000001", Optional.of(0));
    monitor.sample();
    monitor.sample();

    assertThat(monitor.check().orElseThrow().detail()).contains("no synchronous standby");
    assertThat(standbys()).isZero();
    assertThat(messages()).containsOnlyOnce("WARN no synchronous standby");
  }

  @Test
  void a_role_that_may_not_see_standbys_is_named_as_a_cause() {
    status = new Status("00000001", Optional.empty());

    monitor.sample();

    assertThat(monitor.check().orElseThrow().detail()).contains("pg_read_all_stats");
    assertThat(standbys()).isNaN();
  }

  @Test
  void one_host_has_no_replication() {
    ReplicationMonitor single = withOneHost();

    single.sample();

    assertThat(single.check()).isEmpty();
    assertThat(messages()).isEmpty();
  }

  @Test
  void a_new_primary_with_all_acknowledged_transitions_is_not_an_error() {
    acknowledge(store(1), 1);

    failOver();

    assertThat(messages()).contains("INFO the database has a new primary").doesNotContain("ERROR");
    assertThat(lostTransitions()).isZero();
  }

  @Test
  void a_new_primary_that_lacks_acknowledged_transitions_is_an_error() {
    Run run = store(1);
    acknowledge(run, 1);
    acknowledge(run, 2);

    failOver();

    assertThat(messages())
        .contains("ERROR the database has lost acknowledged transitions")
        .contains("version 2 of run first of stack demo")
        .contains("docs/operations/backup.md");
    assertThat(lostTransitions()).isEqualTo(1);
  }

  @Test
  void transitions_of_a_deleted_stack_are_not_missed() {
    acknowledge(Samples.run(RUN, Samples.NOON), 1);
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
    acknowledge(Samples.run(RUN, Samples.NOON), 1);
    monitor.sample();

    reachable = false;
    monitor.sample();
    reachable = true;
    failOver();

    assertThat(lostTransitions()).isEqualTo(1);
  }

  private void failOver() {
    monitor.sample();
    status = new Status("00000002", Optional.of(1));
    monitor.sample();
    monitor.sample();
  }

  private Status status() {
    if (!reachable) {
      throw new StoreUnavailableException("no primary", new IllegalStateException());
    }
    return status;
  }

  /// Stores a run with its first transition.
  private Run store(long version) {
    Run run = Samples.run(RUN, Samples.NOON);
    assertThat(run.progress().version()).isEqualTo(version);
    store.run(unit -> {
      unit.stacks().save(Samples.stack());
      unit.runs().add(run);
    });
    return run;
  }

  private void acknowledge(Run run, long version) {
    now += Duration.ofSeconds(1).toNanos();
    acknowledged.add(
        new Recorded(run, Samples.transition(RUN, RunState.QUEUED, version), 0, false));
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
