package dev.runhook.systemtests.inbox;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.runhook.receiver.DeliveryReceiver;
import dev.runhook.receiver.DeliveryResult;
import dev.runhook.receiver.InboxDialect;
import dev.runhook.receiver.InboxEvent;
import dev.runhook.receiver.JdbcInbox;
import dev.runhook.receiver.RunVersion;
import dev.runhook.systemtests.fixture.RecordingReceiver;
import dev.runhook.systemtests.fixture.RunhookProcess;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import javax.sql.DataSource;

/// The process of a receiver that inserts a row for each event, in the transaction of its inbox.
/// Some of its transactions are rolled back, and some of its responses are errors after a commit.
final class InboxReceiver {
  /// No constraint prevents a second row for the same event.
  static final String EFFECTS =
      "create table effect (seq bigserial primary key, event_id text, run text, version bigint)";

  static final String READY = "receiving";

  private static final int THREADS = 8;
  private static final double FAILED = 0.03;

  private final DataSource database;
  private final JdbcInbox inbox = inbox();

  private InboxReceiver(DataSource database) {
    this.database = database;
  }

  static JdbcInbox inbox() {
    return JdbcInbox.of(
            DeliveryReceiver.withSecret(RecordingReceiver.SECRET), InboxDialect.POSTGRESQL)
        .withOrder(Duration.ofMinutes(1));
  }

  /// The command that receives on a port of the loopback interface.
  static List<String> command(int port, String database) {
    return RunhookProcess.command(
        "-cp",
        RunhookProcess.jar() + File.pathSeparator + Path.of("target/test-classes").toAbsolutePath(),
        InboxReceiver.class.getName(),
        Integer.toString(port),
        database);
  }

  static void main(String[] arguments) throws IOException {
    HikariConfig config = new HikariConfig();
    config.setJdbcUrl(arguments[1]);
    config.setMaximumPoolSize(THREADS);
    InboxReceiver receiver = new InboxReceiver(new HikariDataSource(config));
    InetSocketAddress address =
        new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(arguments[0]));
    HttpServer server = HttpServer.create(address, 1000);
    server.setExecutor(Executors.newFixedThreadPool(THREADS));
    server.createContext("/", receiver::handle);
    server.start();
    System.out.println(READY);
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      byte[] body = exchange.getRequestBody().readAllBytes();
      exchange.sendResponseHeaders(receive(exchange, body), -1);
    }
  }

  private int receive(HttpExchange exchange, byte[] body) {
    try (Connection connection = database.getConnection()) {
      connection.setAutoCommit(false);
      DeliveryResult result =
          inbox.receive(
              connection,
              exchange.getRequestHeaders()::getFirst,
              body,
              event -> insert(connection, event));
      if (ThreadLocalRandom.current().nextDouble() < FAILED) {
        connection.rollback();
        return 500;
      }
      connection.commit();
      return ThreadLocalRandom.current().nextDouble() < FAILED ? 500 : result.status();
    } catch (SQLException e) {
      System.err.println(e);
      return 500;
    }
  }

  private static void insert(Connection connection, InboxEvent event) throws SQLException {
    RunVersion version = event.runVersion().orElseThrow();
    try (PreparedStatement insert =
        connection.prepareStatement(
            "insert into effect (event_id, run, version) values (?, ?, ?)")) {
      insert.setString(1, event.id());
      insert.setString(2, version.run());
      insert.setLong(3, version.version());
      insert.executeUpdate();
    }
  }
}
