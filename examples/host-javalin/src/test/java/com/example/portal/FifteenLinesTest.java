package com.example.portal;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;

/// Services that have a delivery in their own transaction, and the web UI, with at most 15 lines
/// for Runhook.
class FifteenLinesTest {
  @Test
  void a_plain_service_has_deliveries_and_the_web_ui() throws Exception {
    check(PlainService::new);
    assertThat(linesForRunhook("PlainService")).isBetween(1L, 15L);
  }

  @Test
  void a_service_with_javalin_has_deliveries_and_the_web_ui() throws Exception {
    check(JavalinService::new);
    assertThat(linesForRunhook("JavalinService")).isBetween(1L, 15L);
  }

  private static long linesForRunhook(String service) throws IOException {
    String source =
        Files.readString(Path.of("src/test/java/com/example/portal/" + service + ".java"));
    return Pattern.compile("(?s)// Runhook\\n(.*?)// end")
        .matcher(source)
        .results()
        .flatMap(part -> part.group(1).lines())
        .filter(line -> !line.isBlank())
        .count();
  }

  /// Starts a service.
  @FunctionalInterface
  private interface Service {
    Builds start(DataSource database) throws IOException;
  }

  private static void check(Service service) throws Exception {
    BlockingQueue<String> received = new LinkedBlockingQueue<>();
    HttpServer receiver =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    receiver.createContext(
        "/",
        exchange -> {
          received.add(
              new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
          exchange.sendResponseHeaders(204, -1);
          exchange.close();
        });
    receiver.start();
    try (EmbeddedPostgres postgres = EmbeddedPostgres.start()) {
      DataSource database = postgres.getPostgresDatabase();
      try (var connection = database.getConnection()) {
        connection.createStatement().execute("create table build (id text primary key)");
      }
      try (Builds builds = service.start(database);
          HttpClient client = HttpClient.newHttpClient()) {
        String runhook = "http://127.0.0.1:" + builds.port() + "/runhook/";
        String endpoint = "http://127.0.0.1:" + receiver.getAddress().getPort() + "/";
        HttpResponse<String> page =
            client.send(
                HttpRequest.newBuilder(URI.create(runhook)).build(), BodyHandlers.ofString());
        HttpResponse<String> webhook =
            client.send(
                HttpRequest.newBuilder(URI.create(runhook + "api/v1/stacks/main/webhooks"))
                    .header("Content-Type", "application/json")
                    .header("X-Runhook-Csrf", "1")
                    .POST(BodyPublishers.ofString("{\"endpoint\":\"" + endpoint + "\"}"))
                    .build(),
                BodyHandlers.ofString());

        builds.start("b1");

        assertThat(page.body()).contains("<title>Runhook");
        assertThat(webhook.statusCode()).isEqualTo(201);
        assertThat(received.poll(30, TimeUnit.SECONDS)).contains("\"id\":\"b1\"", "\"QUEUED\"");
      }
    } finally {
      receiver.stop(0);
    }
  }
}
