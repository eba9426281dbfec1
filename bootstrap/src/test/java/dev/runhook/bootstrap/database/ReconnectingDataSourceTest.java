package dev.runhook.bootstrap.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.runhook.bootstrap.database.ReconnectingDataSource.ConnectionFactory;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ReconnectingDataSourceTest {
  private static final Duration FOREVER = Duration.ofDays(1);
  private static final Connection CONNECTION =
      (Connection)
          Proxy.newProxyInstance(
              Connection.class.getClassLoader(),
              new Class<?>[] {Connection.class},
              (_, _, _) -> null);

  private final AtomicInteger attempts = new AtomicInteger();

  @Test
  void an_unreachable_database_is_retried_until_it_is_reachable() throws SQLException {
    ConnectionFactory factory = failing("08001", 1000);

    Connection connection =
        new ReconnectingDataSource("test", factory, Duration.ZERO).getConnection();

    assertThat(connection).isSameAs(CONNECTION);
    assertThat(attempts).hasValue(1001);
  }

  @Test
  void a_database_that_starts_up_or_has_too_many_clients_is_retried() throws SQLException {
    new ReconnectingDataSource("test", failing("57P03", 1), Duration.ZERO).getConnection();
    new ReconnectingDataSource("test", failing("53300", 1), Duration.ZERO).getConnection();

    assertThat(attempts).hasValue(4);
  }

  @Test
  void a_wrong_password_is_reported_at_once() {
    try (ReconnectingDataSource source =
        new ReconnectingDataSource("test", failing("28P01", 5), FOREVER)) {
      assertThatThrownBy(source::getConnection)
          .isInstanceOfSatisfying(
              SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("28P01"));
    }

    assertThat(attempts).hasValue(1);
  }

  @Test
  void closing_ends_the_retries() throws InterruptedException {
    CountDownLatch tried = new CountDownLatch(1);
    ConnectionFactory unreachable =
        () -> {
          tried.countDown();
          throw new SQLException("refused", "08001");
        };
    ReconnectingDataSource source = new ReconnectingDataSource("test", unreachable, FOREVER);
    CompletableFuture<Connection> waiting = CompletableFuture.supplyAsync(() -> connect(source));
    tried.await();

    source.close();

    assertThatThrownBy(waiting::get)
        .isInstanceOf(ExecutionException.class)
        .hasRootCauseMessage("refused");
  }

  /// Fails the given number of times and then connects.
  private ConnectionFactory failing(String state, int failures) {
    AtomicInteger left = new AtomicInteger(failures);
    return () -> {
      attempts.incrementAndGet();
      if (left.getAndDecrement() > 0) {
        throw new SQLException("not now", state);
      }
      return CONNECTION;
    };
  }

  private static Connection connect(ReconnectingDataSource source) {
    try {
      return source.getConnection();
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }
}
