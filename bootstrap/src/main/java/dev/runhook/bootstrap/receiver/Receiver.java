package dev.runhook.bootstrap.receiver;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.runhook.bootstrap.setting.ConfigurationException;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/// An HTTP server on loopback that takes POSTs on every path, verifies their signatures and tells
/// of each. It answers 204 when a delivery is verified and 401 when not, as a receiver should.
public final class Receiver implements AutoCloseable {
  private static final int MOST_BYTES = 10 * 1024 * 1024;
  private static final int NO_BODY = -1;

  private final HttpServer server;
  private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
  private final AtomicInteger count = new AtomicInteger();
  private final Verifier verifier;
  private final Consumer<Received> listener;

  private Receiver(HttpServer server, String secret, Consumer<Received> listener) {
    this.server = server;
    this.verifier = new Verifier(secret);
    this.listener = listener;
  }

  /// @param port 0 picks a free one
  /// @param listener is told of each POST before it is answered, from many threads
  public static Receiver start(int port, String secret, Consumer<Received> listener) {
    try {
      HttpServer server =
          HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
      Receiver receiver = new Receiver(server, secret, listener);
      server.setExecutor(receiver.executor);
      server.createContext("/", receiver::handle);
      server.start();
      return receiver;
    } catch (BindException _) {
      throw new ConfigurationException(
          "port " + port + " is in use; give another with --port (0 picks a free one)");
    } catch (IOException e) {
      throw new ConfigurationException(
          "the receiver cannot listen on port " + port + ": " + e.getMessage());
    }
  }

  public int port() {
    return server.getAddress().getPort();
  }

  public String url() {
    return "http://127.0.0.1:" + port() + "/hooks";
  }

  @Override
  public void close() {
    server.stop(0);
    executor.close();
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      if (!exchange.getRequestMethod().equals("POST")) {
        exchange.getResponseHeaders().set("Allow", "POST");
        exchange.sendResponseHeaders(405, NO_BODY);
        return;
      }
      byte[] body = exchange.getRequestBody().readNBytes(MOST_BYTES);
      Map<String, String> headers = headersOf(exchange);
      Verification verification =
          verifier.verify(
              name -> Optional.ofNullable(headers.get(name.toLowerCase(Locale.ROOT))), body);
      listener.accept(
          new Received(
              count.incrementAndGet(),
              headers,
              new String(body, StandardCharsets.UTF_8),
              verification));
      exchange.sendResponseHeaders(verification.isVerified() ? 204 : 401, NO_BODY);
    }
  }

  private static Map<String, String> headersOf(HttpExchange exchange) {
    Map<String, String> headers = new HashMap<>();
    exchange
        .getRequestHeaders()
        .forEach((name, values) ->
            headers.put(name.toLowerCase(Locale.ROOT), String.join(", ", values)));
    return headers;
  }
}
