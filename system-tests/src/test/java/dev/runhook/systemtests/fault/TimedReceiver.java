package dev.runhook.systemtests.fault;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.runhook.systemtests.fixture.ReceivedRequest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/// A receiver that does little with a request. It records when the attempts below `/timed` and
/// `/retried` arrive, and refuses the first attempt of each delivery below `/retried`.
final class TimedReceiver implements AutoCloseable {
  /// The delay that is asked for after a refused attempt.
  static final Duration RETRY_AFTER = Duration.ofSeconds(1);

  private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
  private final Map<String, Long> receivedAt = new ConcurrentHashMap<>();
  private final AtomicInteger untimed = new AtomicInteger();
  private final HttpServer server;

  TimedReceiver() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1000);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.setExecutor(executor);
    server.createContext("/", this::accept);
    server.createContext("/timed", this::record);
    server.createContext("/retried", this::record);
    server.start();
  }

  String url(String host, String path) {
    return "http://" + host + ":" + server.getAddress().getPort() + path;
  }

  /// The key of an attempt in [#receivedAt].
  ///
  /// @param run empty for a ping
  static String key(String path, String run, int version, int attempt) {
    return path + " " + ContinuousLoad.transitionKey(run, version) + " attempt " + attempt;
  }

  /// When each attempt arrived, in values of `nanoTime`.
  Map<String, Long> receivedAt() {
    return Map.copyOf(receivedAt);
  }

  /// The number of requests that were not recorded.
  int untimed() {
    return untimed.get();
  }

  @Override
  public void close() {
    server.stop(0);
    executor.shutdownNow();
  }

  private void accept(HttpExchange exchange) throws IOException {
    untimed.incrementAndGet();
    respond(exchange, 204);
  }

  private void record(HttpExchange exchange) throws IOException {
    long now = System.nanoTime();
    String path = exchange.getRequestURI().getPath();
    int attempt = Integer.parseInt(exchange.getRequestHeaders().getFirst("X-Runhook-Attempt"));
    String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.ISO_8859_1);
    ReceivedRequest request = new ReceivedRequest(0, Map.of(), body, false, 0);
    receivedAt.put(key(path, request.run(), request.stateVersion(), attempt), now);
    respond(exchange, path.startsWith("/retried") && attempt == 1 ? 503 : 204);
  }

  private static void respond(HttpExchange exchange, int status) throws IOException {
    try (exchange) {
      exchange.getResponseHeaders().set("Retry-After", Long.toString(RETRY_AFTER.toSeconds()));
      exchange.sendResponseHeaders(status, -1);
    }
  }
}
