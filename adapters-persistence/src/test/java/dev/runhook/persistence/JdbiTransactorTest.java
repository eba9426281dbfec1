package dev.runhook.persistence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.runhook.application.spi.Bucket;
import dev.runhook.application.spi.StoreUnavailableException;
import dev.runhook.application.spi.Transactor;
import dev.runhook.application.spi.UnitOfWork;
import dev.runhook.domain.run.Stack;
import dev.runhook.domain.run.StackId;
import dev.runhook.persistence.secret.SecretCipher;
import dev.runhook.testkit.Samples;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Optional;
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
  void the_work_is_retried_after_a_deadlock() throws InterruptedException, ExecutionException {
    POSTGRES.transactor().run(unit -> List.of("a", "b").forEach(slug -> save(unit, slug)));
    CyclicBarrier bothHoldALock = new CyclicBarrier(2);
    AtomicInteger started = new AtomicInteger();

    try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<?> one = executor.submit(() -> lockBoth("a", "b", bothHoldALock, started));
      Future<?> other = executor.submit(() -> lockBoth("b", "a", bothHoldALock, started));
      one.get();
      other.get();
    }

    assertThat(started.get())
        .isGreaterThanOrEqualTo(3); // PostgreSQL may cancel the same transaction again
  }

  private static void lockBoth(
      String first, String second, CyclicBarrier bothHoldALock, AtomicInteger started) {
    POSTGRES
        .transactor()
        .run(unit -> {
          save(unit, first);
          if (started.incrementAndGet() <= 2) {
            await(bothHoldALock);
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
  void all_reads_on_a_snapshot_belong_together() {
    POSTGRES.transactor().run(unit -> save(unit, "snapshot"));
    StackId id = new StackId(Samples.ACME, "snapshot");

    POSTGRES
        .transactor()
        .<Boolean>inSnapshot(unit -> {
          Optional<Stack> before = unit.stacks().find(id);
          POSTGRES.transactor().run(other -> other.stacks().save(Stack.named(id, "changed")));
          assertThat(unit.stacks().find(id)).isPresent().isEqualTo(before);
          return true;
        });
  }

  @Test
  void a_terminated_session_means_an_unavailable_store() {
    assertThatExceptionOfType(StoreUnavailableException.class)
        .isThrownBy(() ->
            POSTGRES
                .transactor()
                .run(unit -> {
                  save(unit, "ended");
                  terminateOtherSessions();
                  save(unit, "ended");
                }));

    POSTGRES.pool().getHikariPoolMXBean().softEvictConnections();
  }

  private static void terminateOtherSessions() {
    try (Connection connection = POSTGRES.pool().getDataSource().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(
          """
          select pg_terminate_backend(pid) from pg_stat_activity
          where datname = current_database() and pid <> pg_backend_pid()
          """);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void a_transaction_sees_what_others_commit_whatever_the_isolation_level_of_the_pool() {
    StackId id = new StackId(Samples.ACME, "isolation");
    HikariConfig config = new HikariConfig();
    config.setDataSource(POSTGRES.pool().getDataSource());
    config.setMaximumPoolSize(1);
    config.setTransactionIsolation("TRANSACTION_REPEATABLE_READ");
    try (HikariDataSource pool = new HikariDataSource(config)) {
      JdbiTransactor transactor = new JdbiTransactor(pool);
      for (int i = 0; i < 2; i++) {
        Stack changed = Stack.named(id, "change " + i);

        transactor.run(unit -> {
          unit.stacks().find(id);
          POSTGRES.transactor().run(other -> other.stacks().save(changed));
          assertThat(unit.stacks().find(id)).contains(changed);
        });
      }
    }
  }

  @Test
  void an_exhausted_pool_means_an_unavailable_store() {
    HikariConfig config = new HikariConfig();
    config.setDataSource(POSTGRES.pool().getDataSource());
    config.setMaximumPoolSize(1);
    config.setConnectionTimeout(250);
    try (HikariDataSource small = new HikariDataSource(config)) {
      JdbiTransactor transactor = new JdbiTransactor(small);

      assertThatThrownBy(() -> transactor.run(ignored -> transactor.run(UnitOfWork::now)))
          .isInstanceOf(StoreUnavailableException.class);
    }
  }

  @Test
  void an_unreachable_database_means_an_unavailable_store() {
    PGSimpleDataSource unreachable = new PGSimpleDataSource();
    unreachable.setUrl("jdbc:postgresql://127.0.0.1:1/nowhere");

    assertThatExceptionOfType(StoreUnavailableException.class)
        .isThrownBy(() -> new JdbiTransactor(unreachable).run(UnitOfWork::now));
  }

  @Test
  void a_nested_call_runs_in_its_own_transaction() {
    JdbiTransactor transactor = POSTGRES.transactor();

    assertThatThrownBy(() ->
            transactor.run(outer -> {
              save(outer, "outer");
              transactor.run(inner -> save(inner, "inner"));
              throw new ArithmeticException("rolls back only the outer transaction");
            }))
        .isInstanceOf(ArithmeticException.class);

    assertThat(exists(transactor, "outer")).isFalse();
    assertThat(exists(transactor, "inner")).isTrue();
  }

  @Test
  void connections_of_a_hosts_jdbi_are_returned_to_it() {
    JdbiTransactor transactor = new JdbiTransactor(Jdbi.create(POSTGRES.pool()));

    for (int i = 0; i < 40; i++) {
      transactor.run(unit -> save(unit, "from-a-host"));
    }

    assertThat(POSTGRES.pool().getHikariPoolMXBean().getActiveConnections()).isZero();
    assertThat(exists(transactor, "from-a-host")).isTrue();
  }

  @Test
  void buckets_of_one_database_are_on_one_server_unless_citus_divides_them() {
    List<Bucket> servers =
        JdbiTransactor.ofBuckets(List.of(POSTGRES.pool(), POSTGRES.pool()), SecretCipher.none())
            .stream()
            .map(Transactor::server)
            .toList();

    assertThat(servers.getFirst().equals(servers.getLast())).isEqualTo(!Postgres.isCitus());
    assertThat(POSTGRES.transactor().server()).isNotIn(servers);
  }

  private static void save(UnitOfWork unit, String slug) {
    unit.stacks().save(Stack.named(new StackId(Samples.ACME, slug), slug));
  }

  private static boolean exists(JdbiTransactor transactor, String slug) {
    return transactor.<Boolean>inTransaction(
        unit -> unit.stacks().find(new StackId(Samples.ACME, slug)).isPresent());
  }
}
