package dev.runhook.persistence.notify;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.runhook.persistence.Postgres;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class PgNotifierTest {
  @RegisterExtension static final Postgres POSTGRES = Postgres.empty();

  private final PgNotifier recording = new PgNotifier(POSTGRES.pool());
  private final PgNotifier sending = new PgNotifier(POSTGRES.pool());
  private final Semaphore heard = new Semaphore(0);

  @AfterEach
  void close() {
    recording.close();
    sending.close();
  }

  @Test
  void whoever_begins_to_listen_is_woken_for_what_was_missed() throws InterruptedException {
    sending.listen(heard::release);

    assertThat(heardOnce()).isTrue();
  }

  @Test
  void a_ring_wakes_another_process() throws InterruptedException {
    sending.listen(heard::release);
    heardOnce();

    recording.notifyDue();

    assertThat(heardOnce()).isTrue();
  }

  @Test
  void many_rings_at_once_wake_a_few_times() throws InterruptedException {
    sending.listen(heard::release);
    heardOnce();

    for (int i = 0; i < 10_000; i++) {
      recording.notifyDue();
    }

    assertThat(heardOnce()).isTrue();
    assertThat(heard.availablePermits()).isLessThan(1_000);
  }

  @Test
  void a_lost_connection_is_opened_again_and_wakes() throws InterruptedException {
    sending.listen(heard::release);
    heardOnce();

    POSTGRES.count(
        """
        select count(pg_terminate_backend(pid)) from pg_stat_activity
        where datname = current_database() and query ilike 'listen%' and pid <> pg_backend_pid()
        """);

    assertThat(heardOnce()).isTrue();
  }

  @Test
  void a_pool_that_throws_what_it_likes_is_asked_again() throws InterruptedException {
    try (Failing pool = new Failing();
        PgNotifier pgNotifier = new PgNotifier(pool)) {
      pgNotifier.listen(heard::release);

      assertThat(heardOnce()).isTrue();
      assertThat(pool.asked.get()).isGreaterThan(1);
    }
  }

  @Test
  void a_ring_after_one_that_was_lost_is_sent() throws InterruptedException {
    sending.listen(heard::release);
    heardOnce();
    try (Failing pool = new Failing();
        PgNotifier pgNotifier = new PgNotifier(pool)) {
      pgNotifier.notifyDue();
      assertThat(pool.failed.await(20, TimeUnit.SECONDS)).isTrue();

      pgNotifier.notifyDue();

      assertThat(heardOnce()).isTrue();
    }
  }

  /// Fails the first time.
  private static final class Failing extends HikariDataSource {
    private final AtomicInteger asked = new AtomicInteger();
    private final CountDownLatch failed = new CountDownLatch(1);

    @Override
    public Connection getConnection() throws SQLException {
      if (asked.incrementAndGet() == 1) {
        failed.countDown();
        throw new IllegalStateException("the pool cannot begin");
      }
      return POSTGRES.pool().getConnection();
    }
  }

  private boolean heardOnce() throws InterruptedException {
    return heard.tryAcquire(20, TimeUnit.SECONDS);
  }
}
