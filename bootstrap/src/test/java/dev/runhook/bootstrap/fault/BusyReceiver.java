package dev.runhook.bootstrap.fault;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.runhook.bootstrap.process.Arrival;
import dev.runhook.bootstrap.receiver.Verifier;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntUnaryOperator;

/// A receiver that works on each delivery for a while, and knows how many it had at a time, when
/// each first arrived, and all that it ever got.
final class BusyReceiver implements AutoCloseable {
  static final String SECRET = "It's a Secret to Everybody";

  private final HttpServer server;
  private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
  private final Verifier verifier = new Verifier(SECRET);
  private final IntUnaryOperator answers;
  private final Duration work;
  private final List<Meter> meters;
  private final List<Arrival> log = new ArrayList<>();
  private final Set<String> accepted = ConcurrentHashMap.newKeySet();
  private final Map<String, Long> firsts = new ConcurrentHashMap<>();

  private BusyReceiver(IntUnaryOperator answers, Duration work, List<Meter> meters) {
    this.answers = answers;
    this.work = work;
    this.meters = List.copyOf(meters);
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1000);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.setExecutor(executor);
    server.createContext("/", this::handle);
    server.start();
  }

  static BusyReceiver accepting() {
    return answering(_ -> 204);
  }

  /// @param answers the status by an arrival's place in the log
  static BusyReceiver answering(IntUnaryOperator answers) {
    return new BusyReceiver(answers, Duration.ZERO, List.of());
  }

  /// @param meters that count how many it has at a time
  static BusyReceiver working(Duration work, List<Meter> meters) {
    return new BusyReceiver(_ -> 204, work, meters);
  }

  int port() {
    return server.getAddress().getPort();
  }

  String url() {
    return url(port());
  }

  /// @param atPort its own, or that of a proxy in front of it
  static String url(int atPort) {
    return "http://127.0.0.1:" + atPort + "/hooks";
  }

  synchronized List<Arrival> log() {
    return List.copyOf(log);
  }

  synchronized int count() {
    return log.size();
  }

  /// How many different transitions it has accepted.
  int accepted() {
    return accepted.size();
  }

  /// When each transition first arrived, in nanoseconds, by [Load#key].
  Map<String, Long> firsts() {
    return Map.copyOf(firsts);
  }

  @Override
  public void close() {
    server.stop(0);
    executor.close();
  }

  private void handle(HttpExchange exchange) throws IOException {
    long now = System.nanoTime();
    meters.forEach(Meter::enter);
    try (exchange) {
      Map<String, String> headers = headers(exchange);
      byte[] body = exchange.getRequestBody().readAllBytes();
      boolean verified =
          verifier
              .verify(name -> Optional.ofNullable(headers.get(name.toLowerCase(Locale.ROOT))), body)
              .isVerified();
      Arrival arrival = add(headers, new String(body, StandardCharsets.ISO_8859_1), verified);
      note(arrival, now);
      LockSupport.parkNanos(work.toNanos());
      meters.forEach(Meter::leave); // before the sender can know, so that it is never counted twice
      exchange.sendResponseHeaders(arrival.answer(), -1);
    }
  }

  private static Map<String, String> headers(HttpExchange exchange) {
    Map<String, String> headers = new HashMap<>();
    exchange
        .getRequestHeaders()
        .forEach((name, values) ->
            headers.put(name.toLowerCase(Locale.ROOT), String.join(", ", values)));
    return headers;
  }

  private synchronized Arrival add(Map<String, String> headers, String body, boolean verified) {
    Arrival arrival =
        new Arrival(log.size(), headers, body, verified, answers.applyAsInt(log.size()));
    log.add(arrival);
    return arrival;
  }

  private void note(Arrival arrival, long now) {
    String key = Load.key(arrival.run(), arrival.version());
    firsts.putIfAbsent(key, now);
    if (arrival.accepted()) {
      accepted.add(key);
    }
  }
}
