package dev.runhook.persistence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.runhook.application.StoreUnavailableException;
import dev.runhook.application.spi.UnitOfWork;
import dev.runhook.domain.run.Stack;
import dev.runhook.domain.run.StackId;
import dev.runhook.testkit.Samples;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.postgresql.ds.PGSimpleDataSource;

class JdbiTransactorTest {
  @RegisterExtension static final Postgres POSTGRES = Postgres.migrated();

  @Test
  void work_that_lost_a_deadlock_is_begun_anew() throws InterruptedException, ExecutionException {
    POSTGRES.transactor().run(unit -> List.of("a", "b").forEach(slug -> save(unit, slug)));
    CyclicBarrier bothHoldOne = new CyclicBarrier(2);
    AtomicInteger begun = new AtomicInteger();

    try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<?> one = executor.submit(() -> crossing("a", "b", bothHoldOne, begun));
      Future<?> other = executor.submit(() -> crossing("b", "a", bothHoldOne, begun));
      one.get();
      other.get();
    }

    assertThat(begun.get()).isGreaterThanOrEqualTo(3); // the loser may lose again
  }

  private static void crossing(
      String first, String second, CyclicBarrier bothHoldOne, AtomicInteger begun) {
    POSTGRES
        .transactor()
        .run(unit -> {
          save(unit, first);
          if (begun.incrementAndGet() <= 2) {
            await(bothHoldOne);
          }
          save(unit, second);
        });
  }

  private static void await(CyclicBarrier barrier) {
    try {
      barrier.await();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void a_session_that_the_database_ends_is_a_store_unavailable() {
    assertThatExceptionOfType(StoreUnavailableException.class)
        .isThrownBy(() ->
            POSTGRES
                .transactor()
                .run(unit -> {
                  save(unit, "ended");
                  endOthers();
                  save(unit, "ended");
                }));

    POSTGRES.pool().getHikariPoolMXBean().softEvictConnections();
  }

  private static void endOthers() {
    try (Connection connection = POSTGRES.pool().getDataSource().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(
          "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()");
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void a_pool_that_has_no_connection_left_is_a_store_unavailable() {
    HikariConfig config = new HikariConfig();
    config.setDataSource(POSTGRES.pool().getDataSource());
    config.setMaximumPoolSize(1);
    config.setConnectionTimeout(250);
    try (HikariDataSource small = new HikariDataSource(config)) {
      JdbiTransactor transactor = new JdbiTransactor(small);

      assertThatThrownBy(() -> transactor.run(_ -> transactor.run(UnitOfWork::now)))
          .isInstanceOf(StoreUnavailableException.class);
    }
  }

  @Test
  void a_database_that_is_not_there_is_a_store_unavailable() {
    PGSimpleDataSource nowhere = new PGSimpleDataSource();
    nowhere.setUrl("jdbc:postgresql://127.0.0.1:1/nowhere");

    assertThatExceptionOfType(StoreUnavailableException.class)
        .isThrownBy(() -> new JdbiTransactor(nowhere).run(UnitOfWork::now));
  }

  @Test
  void a_second_call_inside_the_work_is_a_second_transaction() {
    JdbiTransactor transactor = POSTGRES.transactor();

    assertThatThrownBy(() ->
            transactor.run(outer -> {
              save(outer, "outer");
              transactor.run(inner -> save(inner, "inner"));
              throw new ArithmeticException("only the outer is undone");
            }))
        .isInstanceOf(ArithmeticException.class);

    assertThat(isKnown(transactor, "outer")).isFalse();
    assertThat(isKnown(transactor, "inner")).isTrue();
  }

  @Test
  void a_hosts_jdbi_gives_its_connections_and_gets_them_back() {
    JdbiTransactor transactor = new JdbiTransactor(Jdbi.create(POSTGRES.pool()));

    for (int i = 0; i < 40; i++) {
      transactor.run(unit -> save(unit, "from-a-host"));
    }

    assertThat(POSTGRES.pool().getHikariPoolMXBean().getActiveConnections()).isZero();
    assertThat(isKnown(transactor, "from-a-host")).isTrue();
  }

  private static void save(UnitOfWork unit, String slug) {
    unit.stacks().save(Stack.named(new StackId(Samples.ACME, slug), slug));
  }

  private static boolean isKnown(JdbiTransactor transactor, String slug) {
    return transactor.<Boolean>inTransaction(
        unit -> unit.stacks().find(new StackId(Samples.ACME, slug)).isPresent());
  }
}
