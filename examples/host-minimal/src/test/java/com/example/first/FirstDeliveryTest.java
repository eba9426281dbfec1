package com.example.first;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.runhook.embedded.Runhook;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.util.HexFormat;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;

/// Runs the example with PostgreSQL and a receiver that checks the signature as GitHub documents
/// it.
class FirstDeliveryTest {
  private static final String SECRET = "a secret of this test";

  @Test
  void the_delivery_arrives_with_a_valid_signature() throws Exception {
    CompletableFuture<String> body = new CompletableFuture<>();
    CompletableFuture<String> signature = new CompletableFuture<>();
    HttpServer receiver =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    receiver.createContext(
        "/",
        exchange -> {
          signature.complete(exchange.getRequestHeaders().getFirst("X-Signature-256"));
          body.complete(
              new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
          exchange.sendResponseHeaders(204, -1);
          exchange.close();
        });
    receiver.start();
    String endpoint = "http://127.0.0.1:" + receiver.getAddress().getPort() + "/hooks";

    try (EmbeddedPostgres postgres = EmbeddedPostgres.start()) {
      DataSource database = postgres.getPostgresDatabase();
      try (Connection connection = database.getConnection()) {
        connection.createStatement().execute("create table build (id text primary key)");
      }
      Runhook runhook = FirstDelivery.send(database, endpoint, SECRET);
      try (runhook) {
        assertThat(body.get(60, TimeUnit.SECONDS)).contains("\"id\":\"build-1\"", "\"QUEUED\"");
        assertThat(signature.get()).isEqualTo("sha256=" + hmac(body.get()));
      }
    } finally {
      receiver.stop(0);
    }
  }

  private static String hmac(String body) throws Exception {
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(SECRET.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
    return HexFormat.of().formatHex(mac.doFinal(body.getBytes(StandardCharsets.UTF_8)));
  }
}
