package dev.runhook.receiver;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.runhook.testkit.postgres.TestDatabase;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

class PostgresInboxTest extends JdbcInboxTest {
  private static final TestDatabase DATABASE = TestDatabase.empty();

  PostgresInboxTest() {
    super(DATABASE.pool(), InboxDialect.POSTGRESQL);
  }

  @AfterAll
  static void close() {
    DATABASE.close();
  }

  @Override
  String numberColumn() {
    return "bigserial primary key";
  }

  @Test
  void the_receiver_of_the_documentation_stores_the_latest_state() throws Exception {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    DeliveryReceiver verifier =
        DeliveryReceiver.withSecret(SignedDelivery.SECRET).withClock(() -> SignedDelivery.SENT_AT);
    try (RunStateReceiver receiver = new RunStateReceiver(DATABASE.pool(), verifier);
        Connection connection = DATABASE.pool().getConnection();
        Statement statement = connection.createStatement()) {
      receiver.start(server);
      server.start();
      SignedDelivery second = SignedDelivery.of("run-1", 2, 1);
      SignedDelivery first = SignedDelivery.of("run-1", 1, 0);

      assertThat(post(server, first)).isEqualTo(500); // there is no table yet
      statement.execute(
          "create table run (stack text, id text, payload text, primary key (stack, id))");
      assertThat(post(server, second)).isEqualTo(204);
      assertThat(post(server, first)).isEqualTo(204);
      assertThat(post(server, second)).isEqualTo(204);
      assertThat(post(server, SignedDelivery.of("ping", "{\"event\":\"ping\"}", 0))).isEqualTo(204);

      try (ResultSet row = statement.executeQuery("select payload from run")) {
        assertThat(row.next()).isTrue();
        assertThat(row.getString(1)).isEqualTo(second.body());
        assertThat(row.next()).isFalse();
      }
    } finally {
      server.stop(0);
    }
  }

  private static int post(HttpServer server, SignedDelivery delivery) throws Exception {
    URI uri = URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/hooks");
    HttpRequest.Builder request =
        HttpRequest.newBuilder(uri).POST(BodyPublishers.ofString(delivery.body()));
    delivery.headers().forEach(request::header);
    return HttpClient.newHttpClient().send(request.build(), BodyHandlers.discarding()).statusCode();
  }
}
