package dev.runhook.receiver;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;

/// The receiver of `receiver/README.md`: it stores the latest payload of each run.
@SuppressWarnings("FutureReturnValueIgnored") // the task handles its exceptions
final class RunStateReceiver implements AutoCloseable {
  private final DataSource database;
  private final JdbcInbox inbox;
  private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();

  RunStateReceiver(DataSource database, DeliveryReceiver receiver) {
    this.database = database;
    this.inbox = JdbcInbox.of(receiver, InboxDialect.POSTGRESQL).withOrder(Duration.ofMinutes(1));
  }

  void start(HttpServer server) {
    server.createContext("/hooks", this::receive);
    timer.scheduleWithFixedDelay(this::releaseAll, 5, 5, TimeUnit.SECONDS);
  }

  private void receive(HttpExchange exchange) throws IOException {
    byte[] body = exchange.getRequestBody().readAllBytes();
    int status = 500; // after a rollback, the server sends the event again
    try {
      status =
          inTransaction(connection ->
                  inbox.receive(
                      connection,
                      exchange.getRequestHeaders()::getFirst,
                      body,
                      event -> save(connection, event)))
              .status();
    } catch (SQLException e) {
      System.getLogger("inbox").log(System.Logger.Level.WARNING, "an event is not stored", e);
    }
    exchange.sendResponseHeaders(status, -1);
    exchange.close();
  }

  /// The effect, in the transaction of the inbox. Pings have no run.
  private static void save(Connection connection, InboxEvent event) throws SQLException {
    if (event.runVersion().isEmpty()) {
      return;
    }
    RunVersion version = event.runVersion().get();
    try (PreparedStatement upsert =
        connection.prepareStatement(
            """
            insert into run (stack, id, payload) values (?, ?, ?)
            on conflict (stack, id) do update set payload = excluded.payload
            """)) {
      upsert.setString(1, version.stack());
      upsert.setString(2, version.run());
      upsert.setString(3, event.text());
      upsert.executeUpdate();
    }
  }

  /// Only with an order: what was held back for a minute.
  private void releaseAll() {
    try {
      boolean released = true;
      while (released) {
        released =
            inTransaction(
                connection -> inbox.release(connection, event -> save(connection, event)));
      }
    } catch (SQLException e) {
      System.getLogger("inbox").log(System.Logger.Level.WARNING, "tried again in 5 s", e);
    }
  }

  private interface Work<T> {
    T run(Connection connection) throws SQLException;
  }

  private <T> T inTransaction(Work<T> work) throws SQLException {
    try (Connection connection = database.getConnection()) {
      connection.setAutoCommit(false);
      try {
        T result = work.run(connection);
        connection.commit();
        return result;
      } catch (SQLException | RuntimeException e) {
        connection.rollback();
        throw e;
      }
    }
  }

  @Override
  public void close() {
    timer.shutdownNow();
  }
}
