package dev.runhook.bootstrap.receiver;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.runhook.bootstrap.setting.ConfigurationException;
import dev.runhook.domain.event.Payload;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/// An HTTP server on loopback that takes POSTs on every path, verifies their signatures, and
/// answers as its conduct says.
public final class Receiver implements AutoCloseable {
  private static final int MOST_BYTES = 10 * 1024 * 1024;
  private static final int NO_BODY = -1;

  private final HttpServer server;
  private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
  private final AtomicInteger count = new AtomicInteger();
  private final DeliveryInspector deliveryInspector;
  private final ReceiverBehavior receiverBehavior;

  private Receiver(HttpServer server, String secret, ReceiverBehavior conduct) {
    this.server = server;
    this.deliveryInspector = new DeliveryInspector(secret);
    this.receiverBehavior = conduct;
  }

  /// One that answers 204 when a delivery is verified and 401 when not, as a receiver should.
  ///
  /// @param listener is told of each POST before it is answered, from many threads
  public static Receiver start(int port, String secret, Consumer<ReceivedDelivery> listener) {
    return startWith(
        loopback(port),
        secret,
        ReceiverBehavior.verifying()
            .notifying((receivedDelivery, _) -> listener.accept(receivedDelivery)));
  }

  /// @param address where to listen; port 0 picks a free one
  public static Receiver startWith(
      InetSocketAddress address, String secret, ReceiverBehavior conduct) {
    try {
      HttpServer server = HttpServer.create(address, 0);
      Receiver receiver = new Receiver(server, secret, conduct);
      server.setExecutor(receiver.executor);
      server.createContext("/", receiver::handle);
      server.start();
      return receiver;
    } catch (BindException _) {
      throw new ConfigurationException(
          "port "
              + address.getPort()
              + " is in use; give another with --port (0 picks a free one)");
    } catch (IOException e) {
      throw new ConfigurationException(
          "the receiver cannot listen on " + address + ": " + e.getMessage());
    }
  }

  /// Where only this machine calls.
  public static InetSocketAddress loopback(int port) {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
  }

  public int port() {
    return server.getAddress().getPort();
  }

  /// As this machine calls it; others do by its name.
  public String url() {
    InetAddress address = server.getAddress().getAddress();
    String host = address.isAnyLocalAddress() ? "127.0.0.1" : address.getHostAddress();
    return "http://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + port() + "/hooks";
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
      Payload payload = Payload.of(exchange.getRequestBody().readNBytes(MOST_BYTES));
      answer(
          deliveryInspector.inspect(count.incrementAndGet(), headersOf(exchange), payload),
          exchange);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private void answer(ReceivedDelivery receivedDelivery, HttpExchange exchange)
      throws IOException, InterruptedException {
    try {
      DeliveryResponse deliveryResponse = receiverBehavior.respond(receivedDelivery);
      deliveryResponse.headers().forEach(exchange.getResponseHeaders()::set);
      int length = deliveryResponse.body().length();
      exchange.sendResponseHeaders(deliveryResponse.status(), length == 0 ? NO_BODY : length);
      if (length > 0) {
        exchange.getResponseBody().write(deliveryResponse.body().bytes());
      }
    } finally {
      exchange.close();
      receiverBehavior.onResponseSent(receivedDelivery);
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
