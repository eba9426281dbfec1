package dev.runhook.http.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.javalin.Javalin;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.handler.GracefulHandler;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// What clients see when the server stops during their requests.
class ShutdownTest {
  private final CountDownLatch asked = new CountDownLatch(1);
  private final CountDownLatch buffer = new CountDownLatch(1);
  private final AtomicReference<Server> jetty = new AtomicReference<>();
  private final Javalin javalin =
      Javalin.create(
              config -> {
                HttpApi.configure(config);
                config.jetty.host = "127.0.0.1";
                config.jetty.modifyServer(jetty::set);
                config.routes.get("/quick", context -> context.result("quick"));
                config.routes.get(
                    "/slow",
                    context -> {
                      asked.countDown();
                      buffer.await(30, TimeUnit.SECONDS);
                      context.status(201).result("slow");
                    });
              })
          .start(0);
  private final int port = javalin.port();
  private final HttpClient client = HttpClient.newHttpClient();

  @AfterEach
  void tearDown() {
    buffer.countDown();
    javalin.stop();
    client.shutdownNow();
  }

  @Test
  void an_open_request_is_finished_and_a_new_one_gets_503() throws Exception {
    try (Socket persistent = new Socket(InetAddress.getLoopbackAddress(), javalin.port())) {
      assertThat(exchange(persistent)).startsWith("HTTP/1.1 200");
      CompletableFuture<HttpResponse<String>> slow = get("/slow");
      assertThat(asked.await(20, TimeUnit.SECONDS)).isTrue();

      CompletableFuture<Void> stopped = CompletableFuture.runAsync(javalin::stop);
      awaitShutdown();
      String late = exchange(persistent);
      buffer.countDown();

      assertThat(slow.get(20, TimeUnit.SECONDS).statusCode()).isEqualTo(201);
      assertThat(slow.join().body()).isEqualTo("slow");
      assertThat(late)
          .startsWith("HTTP/1.1 503")
          .containsIgnoringCase("Connection: close")
          .contains("application/problem+json", "urn:runhook:problem:shutting-down");
      stopped.get(20, TimeUnit.SECONDS);
    }
  }

  @Test
  void an_idle_server_stops_immediately() throws Exception {
    assertThat(get("/quick").join().statusCode()).isEqualTo(200);

    CompletableFuture.runAsync(javalin::stop).get(10, TimeUnit.SECONDS);

    assertThatThrownBy(() -> get("/quick").join()).hasCauseInstanceOf(IOException.class);
  }

  private CompletableFuture<HttpResponse<String>> get(String path) {
    URI uri = URI.create("http://127.0.0.1:" + port + path);
    return client.sendAsync(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
  }

  private void awaitShutdown() {
    GracefulHandler handler = jetty.get().getDescendant(GracefulHandler.class);
    while (!handler.isShutdown()) {
      Thread.onSpinWait();
    }
  }

  /// Sends a request over a persistent connection and reads a response that arrives as a whole.
  private static String exchange(Socket persistent) throws IOException {
    persistent.setSoTimeout(20_000);
    persistent
        .getOutputStream()
        .write("GET /quick HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
    byte[] buffer = new byte[8192];
    return new String(
        buffer,
        0,
        Math.max(0, persistent.getInputStream().read(buffer)),
        StandardCharsets.US_ASCII);
  }
}
