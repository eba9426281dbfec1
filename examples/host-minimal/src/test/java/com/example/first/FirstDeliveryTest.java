package com.example.first;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sun.net.httpserver.HttpServer;
import dev.runhook.receiver.DeliveryReceiver;
import dev.runhook.receiver.DeliveryResult;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.net.InetSocketAddress;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class FirstDeliveryTest {
  private static final String SECRET = "a secret of this test";

  @Test
  void the_delivery_arrives_and_verifies() throws Exception {
    var verifier = DeliveryReceiver.withSecret(SECRET);
    var received = new CompletableFuture<DeliveryResult>();
    var receiver = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
    receiver.createContext(
        "/",
        exchange -> {
          var body = exchange.getRequestBody().readAllBytes();
          received.complete(verifier.verify(exchange.getRequestHeaders()::getFirst, body));
          exchange.sendResponseHeaders(204, -1);
          exchange.close();
        });
    receiver.start();
    var endpoint = "http://127.0.0.1:" + receiver.getAddress().getPort() + "/hooks";

    try (var postgres = EmbeddedPostgres.start()) {
      var database = postgres.getPostgresDatabase();
      try (var connection = database.getConnection()) {
        connection.createStatement().execute("create table build (id text primary key)");
      }
      try (var runhook = FirstDelivery.send(database, endpoint, SECRET)) {
        assertEquals(DeliveryResult.ACCEPTED, received.get(60, TimeUnit.SECONDS));
      }
    } finally {
      receiver.stop(0);
    }
  }
}
