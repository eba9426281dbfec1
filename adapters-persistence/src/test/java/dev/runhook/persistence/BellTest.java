package dev.runhook.persistence;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class BellTest {
  @RegisterExtension static final Postgres POSTGRES = Postgres.empty();

  private final Bell recording = new Bell(POSTGRES.pool());
  private final Bell sending = new Bell(POSTGRES.pool());
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

    recording.ring();

    assertThat(heardOnce()).isTrue();
  }

  @Test
  void many_rings_at_once_wake_a_few_times() throws InterruptedException {
    sending.listen(heard::release);
    heardOnce();

    for (int i = 0; i < 10_000; i++) {
      recording.ring();
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

  private boolean heardOnce() throws InterruptedException {
    return heard.tryAcquire(20, TimeUnit.SECONDS);
  }
}
