package dev.runhook.persistence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.runhook.application.spi.LoopMonitor;
import dev.runhook.persistence.jdbi.BucketSchema;
import dev.runhook.persistence.schema.UnusableDatabaseException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;
import org.slf4j.LoggerFactory;

@Tag("slow")
class PgNotifierTest {
  @RegisterExtension static final Postgres POSTGRES = Postgres.empty();

  private static final String LISTENING =
      """
       from pg_stat_activity
      where datname = current_database() and query ilike 'listen%' and pid <> pg_backend_pid()
      """;

  private static final LoopMonitor UNWATCHED = new LoopMonitor() {};

  private final PgNotifier sender = new PgNotifier(POSTGRES.pool(), BucketSchema.ONLY, UNWATCHED);
  private final PgNotifier listener = new PgNotifier(POSTGRES.pool(), BucketSchema.ONLY, UNWATCHED);
  private final Semaphore calls = new Semaphore(0);

  @AfterEach
  void close() {
    sender.close();
    listener.close();
  }

  @Test
  void a_new_listener_is_called_once_for_missed_notifications() throws InterruptedException {
    listener.listen(calls::release);

    assertThat(awaitCall()).isTrue();
  }

  @Test
  void a_notification_reaches_another_process() throws InterruptedException {
    listener.listen(calls::release);
    awaitCall();

    sender.notifyDue();

    assertThat(awaitCall()).isTrue();
  }

  @Test
  void a_notification_reaches_another_process_if_their_pools_do_not_commit_automatically()
      throws InterruptedException {
    try (HikariDataSource pool = newPool(4, false);
        PgNotifier hostSender = new PgNotifier(pool, BucketSchema.ONLY, UNWATCHED);
        PgNotifier hostListener = new PgNotifier(pool, BucketSchema.ONLY, UNWATCHED)) {
      hostListener.listen(calls::release);
      awaitCall();

      hostSender.notifyDue();

      assertThat(awaitCall()).isTrue();
      assertThat(
              POSTGRES.count(
                  "select count(*)" + LISTENING + " and state <> 'idle' and state_change < now()"))
          .isZero();
    }
  }

  @Test
  void each_installation_has_a_channel_of_its_own() throws SQLException {
    try (Connection connection = POSTGRES.pool().getConnection();
        PgNotifier billing =
            new PgNotifier(POSTGRES.pool(), BucketSchema.named("runhook_billing"), UNWATCHED)) {
      connection.createStatement().execute("listen runhook_due; listen runhook_billing_due");

      billing.notifyDue();

      assertThat(connection.unwrap(PGConnection.class).getNotifications(20_000))
          .extracting(PGNotification::getName)
          .containsExactly("runhook_billing_due");
      connection.createStatement().execute("unlisten *");
    }
  }

  @Test
  void after_close_no_thread_uses_a_connection() throws InterruptedException {
    try (HikariDataSource pool = newPool(4, true)) {
      PgNotifier notifier = new PgNotifier(pool, BucketSchema.ONLY, UNWATCHED);
      notifier.listen(calls::release);
      notifier.notifyDue();
      awaitCall();
      assertThat(pool.getHikariPoolMXBean().getActiveConnections()).isPositive();

      notifier.close();

      assertThat(pool.getHikariPoolMXBean().getActiveConnections()).isZero();
    }
  }

  @Test
  void a_pool_with_one_connection_is_too_small_to_listen() {
    try (HikariDataSource one = newPool(1, true);
        HikariDataSource two = newPool(2, true)) {
      assertThatExceptionOfType(UnusableDatabaseException.class)
          .isThrownBy(() -> PgNotifier.requireConnections(one))
          .withMessageStartingWith("the data source provides only one connection")
          .withMessageEndingWith("let the pool have at least 4");
      assertThatCode(() -> PgNotifier.requireConnections(two)).doesNotThrowAnyException();
    }
  }

  private static HikariDataSource newPool(int size, boolean autoCommit) {
    HikariConfig config = new HikariConfig();
    config.setDataSource(POSTGRES.pool().getDataSource());
    config.setMaximumPoolSize(size);
    config.setAutoCommit(autoCommit);
    config.setConnectionTimeout(250);
    return new HikariDataSource(config);
  }

  @Test
  void notifications_are_coalesced() throws InterruptedException {
    listener.listen(calls::release);
    awaitCall();

    for (int i = 0; i < 10_000; i++) {
      sender.notifyDue();
    }

    assertThat(awaitCall()).isTrue();
    assertThat(calls.availablePermits()).isLessThan(1_000);
  }

  @Test
  void a_listener_reconnects_and_is_called_after_a_lost_connection() throws InterruptedException {
    listener.listen(calls::release);
    awaitCall();

    POSTGRES.count("select count(pg_terminate_backend(pid))" + LISTENING);

    assertThat(awaitCall()).isTrue();
  }

  @Test
  void a_listener_reconnects_if_its_server_does_not_respond() throws Exception {
    listener.listen(calls::release);
    awaitCall();
    List<String> sessions =
        POSTGRES
            .jdbi()
            .withHandle(
                handle -> handle.createQuery("select pid" + LISTENING).mapTo(String.class).list());

    signal("-STOP", sessions);
    try {
      assertThat(awaitCall()).isTrue();
    } finally {
      signal("-CONT", sessions);
    }
  }

  private static void signal(String signal, List<String> processes) throws Exception {
    List<String> command = new ArrayList<>(List.of("kill", signal));
    command.addAll(processes);
    assertThat(new ProcessBuilder(command).start().waitFor()).isZero();
  }

  @Test
  void a_listener_retries_after_any_exception_of_the_pool() throws InterruptedException {
    try (FailingOnce pool = new FailingOnce();
        PgNotifier notifier = new PgNotifier(pool, BucketSchema.ONLY, UNWATCHED)) {
      notifier.listen(calls::release);

      assertThat(awaitCall()).isTrue();
      assertThat(pool.attempts.get()).isGreaterThan(1);
    }
  }

  @Test
  void an_error_is_reported_and_the_loops_go_on() throws InterruptedException {
    BlockingQueue<String> errors = new LinkedBlockingQueue<>();
    LoopMonitor monitor =
        new LoopMonitor() {
          @Override
          public void onError(String loop, Error error) {
            errors.add(loop + ": " + error.getMessage());
          }
        };
    HikariDataSource broken =
        new HikariDataSource() {
          @Override
          public Connection getConnection() {
            throw new OutOfMemoryError("expected by the test");
          }
        };
    try (broken;
        PgNotifier notifier = new PgNotifier(broken, BucketSchema.ONLY, monitor)) {
      notifier.listen(calls::release);
      assertThat(errors.poll(20, TimeUnit.SECONDS))
          .isEqualTo("runhook-listener: expected by the test");
      assertThat(errors.poll(20, TimeUnit.SECONDS)).startsWith("runhook-listener");
    }
    try (PgNotifier notifier = new PgNotifier(broken, BucketSchema.ONLY, monitor)) {
      notifier.notifyDue();
      while (!errors.take().startsWith("runhook-notifier")) {
        // the listener is ending
      }
    }
  }

  @Test
  void both_loops_report_their_rounds_even_without_a_database() throws InterruptedException {
    Set<String> loops = ConcurrentHashMap.newKeySet();
    CountDownLatch both = new CountDownLatch(2);
    LoopMonitor monitor =
        new LoopMonitor() {
          @Override
          public void onRound(String loop, Duration limit) {
            if (loops.add(loop)) {
              both.countDown();
            }
          }
        };
    try (HikariDataSource unreachable = new HikariDataSource();
        PgNotifier notifier = new PgNotifier(unreachable, BucketSchema.ONLY, monitor)) {
      notifier.listen(calls::release);
      notifier.notifyDue();

      assertThat(both.await(20, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void a_notification_after_a_failed_one_is_sent() throws InterruptedException {
    listener.listen(calls::release);
    awaitCall();
    try (FailingOnce pool = new FailingOnce();
        PgNotifier notifier = new PgNotifier(pool, BucketSchema.ONLY, UNWATCHED)) {
      notifier.notifyDue();
      assertThat(pool.failed.await(20, TimeUnit.SECONDS)).isTrue();

      notifier.notifyDue();

      assertThat(awaitCall()).isTrue();
    }
  }

  @Test
  void the_failure_of_a_pool_that_is_closed_after_the_notifier_is_not_logged() throws Exception {
    Logger logger = (Logger) LoggerFactory.getLogger(PgNotifier.class);
    ListAppender<ILoggingEvent> log = new ListAppender<>();
    log.start();
    logger.addAppender(log);
    logger.setLevel(Level.DEBUG);
    CompletableFuture<Void> closed = new CompletableFuture<>();
    CompletableFuture<Thread> thread = new CompletableFuture<>();
    HikariDataSource pool =
        new HikariDataSource() {
          @Override
          public Connection getConnection() throws SQLException {
            thread.complete(Thread.currentThread());
            closed.join();
            throw new SQLException("the pool is closed");
          }
        };

    PgNotifier notifier = new PgNotifier(pool, BucketSchema.ONLY, UNWATCHED);
    notifier.listen(calls::release);
    Thread listening = thread.get(20, TimeUnit.SECONDS);
    notifier.close();
    closed.complete(null);
    listening.join();

    assertThat(log.list).isEmpty();
    logger.detachAppender(log);
    logger.setLevel(null);
  }

  /// Fails on the first attempt.
  private static final class FailingOnce extends HikariDataSource {
    private final AtomicInteger attempts = new AtomicInteger();
    private final CountDownLatch failed = new CountDownLatch(1);

    @Override
    public Connection getConnection() throws SQLException {
      if (attempts.incrementAndGet() == 1) {
        failed.countDown();
        throw new IllegalStateException("the pool cannot start");
      }
      return POSTGRES.pool().getConnection();
    }
  }

  private boolean awaitCall() throws InterruptedException {
    return calls.tryAcquire(20, TimeUnit.SECONDS);
  }
}
