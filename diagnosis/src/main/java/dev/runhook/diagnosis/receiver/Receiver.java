package dev.runhook.diagnosis.receiver;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.runhook.diagnosis.Diagnosis;
import dev.runhook.diagnosis.DiagnosisInput;
import dev.runhook.diagnosis.DiagnosisInput.MessageHeaders;
import dev.runhook.diagnosis.Keyring;
import dev.runhook.diagnosis.MistakeSearch;
import dev.runhook.domain.event.Payload;
import dev.runhook.receiver.DeliveryReceiver;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/// An HTTP server that accepts POST requests on every path, verifies the signatures and times that
/// they have, and recognizes duplicates by their signed id. Its [ReceiverBehavior] decides the
/// responses.
public final class Receiver implements AutoCloseable {
  private static final String ID = "webhook-id";
  private static final String TIMESTAMP = "webhook-timestamp";
  private static final int MAX_BODY_BYTES = 10 * 1024 * 1024;
  private static final int NO_BODY = -1;
  private static final int MAX_REMEMBERED = 10_000;

  private final HttpServer server;
  private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
  private final AtomicInteger count = new AtomicInteger();
  private final DeliveryReceiver verifier;
  private final Keyring keys;
  private final ReceiverBehavior behavior;
  private final Runnable onResponseSent;

  /// The numbers of the latest accepted deliveries by `webhook-id`.
  private final Map<String, Integer> accepted =
      Collections.synchronizedMap(
          new LinkedHashMap<>() {
            @Override
            protected boolean removeEldestEntry(Map.Entry<String, Integer> eldest) {
              return size() > MAX_REMEMBERED;
            }
          });

  private Receiver(
      HttpServer server, String secret, ReceiverBehavior behavior, Runnable onResponseSent) {
    this.server = server;
    this.verifier = DeliveryReceiver.withSecret(secret);
    this.keys = new Keyring(secret, List.of());
    this.behavior = behavior;
    this.onResponseSent = onResponseSent;
  }

  /// Starts a receiver on loopback that responds with 204 to verified deliveries and with 401 to
  /// others.
  ///
  /// @param listener called for each delivery before the response, from many threads
  public static Receiver start(int port, String secret, Consumer<ReceivedDelivery> listener) {
    return startWith(
        loopback(port),
        secret,
        ReceiverBehavior.verifying().notifying((delivery, ignored) -> listener.accept(delivery)),
        () -> {});
  }

  /// @param address port 0 picks a free port
  /// @param onResponseSent called after each response was sent, or could not be sent
  /// @throws UncheckedIOException if the receiver cannot listen on the address
  public static Receiver startWith(
      InetSocketAddress address,
      String secret,
      ReceiverBehavior behavior,
      Runnable onResponseSent) {
    try {
      HttpServer server = HttpServer.create(address, 0);
      Receiver receiver = new Receiver(server, secret, behavior, onResponseSent);
      server.setExecutor(receiver.executor);
      server.createContext("/", receiver::handle);
      server.start();
      return receiver;
    } catch (IOException e) {
      throw new UncheckedIOException(
          "the receiver cannot listen on " + address + ": " + e.getMessage(), e);
    }
  }

  /// Returns an address that only this machine can reach.
  public static InetSocketAddress loopback(int port) {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
  }

  public int port() {
    return server.getAddress().getPort();
  }

  /// Returns the URL for clients on this machine.
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
      Payload payload = Payload.of(exchange.getRequestBody().readNBytes(MAX_BODY_BYTES));
      respond(inspect(headersOf(exchange), payload), exchange);
    } catch (InterruptedException ignored) {
      Thread.currentThread().interrupt();
    }
  }

  private void respond(ReceivedDelivery delivery, HttpExchange exchange)
      throws IOException, InterruptedException {
    try {
      DeliveryResponse response = behavior.respond(delivery);
      if (delivery.verification().isIdVerified() && response.status() / 100 == 2) {
        delivery.findHeader(ID).ifPresent(id -> accepted.putIfAbsent(id, delivery.number()));
      }
      response.headers().forEach(exchange.getResponseHeaders()::set);
      int length = response.body().length();
      exchange.sendResponseHeaders(response.status(), length == 0 ? NO_BODY : length);
      if (length > 0) {
        exchange.getResponseBody().write(response.body().bytes());
      }
    } finally {
      exchange.close();
      onResponseSent.run();
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

  /// Verifies the signatures of a delivery and diagnoses the first one that does not match.
  ///
  /// @param headers by name in lowercase
  private ReceivedDelivery inspect(Map<String, String> headers, Payload payload) {
    Verification verification = Verification.of(verifier, headers, payload.bytes());
    Optional<Integer> duplicateOf =
        Optional.ofNullable(headers.get(ID))
            .filter(ignored -> verification.isIdVerified())
            .map(accepted::get);
    return new ReceivedDelivery(
        count.incrementAndGet(),
        headers,
        payload,
        verification,
        diagnose(verification.header(), headers, payload),
        duplicateOf);
  }

  private Optional<Diagnosis> diagnose(
      String header, Map<String, String> headers, Payload payload) {
    String value = headers.getOrDefault(header.toLowerCase(Locale.ROOT), "");
    if (value.isBlank() || header.equals(TIMESTAMP)) {
      return Optional.empty();
    }
    try {
      DiagnosisInput input =
          new DiagnosisInput(payload, header + ": " + value, messageHeaders(headers));
      return Optional.of(MistakeSearch.diagnose(input, keys));
    } catch (IllegalArgumentException ignored) {
      return Optional.empty();
    }
  }

  private static Optional<MessageHeaders> messageHeaders(Map<String, String> headers) {
    String id = headers.getOrDefault(ID, "");
    String timestamp = headers.getOrDefault(TIMESTAMP, "");
    return id.isBlank() || !timestamp.matches("\\d{1,15}")
        ? Optional.empty()
        : Optional.of(new MessageHeaders(id, Long.parseLong(timestamp)));
  }
}
