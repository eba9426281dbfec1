package dev.runhook.bootstrap.process;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.runhook.bootstrap.receiver.Verifier;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.IntUnaryOperator;

/// A receiver that never forgets: an append-only log of everything it got, in the order in which it
/// got it.
public final class LoggedReceiver implements AutoCloseable {
  public static final String SECRET = "It's a Secret to Everybody";

  private final HttpServer server;
  private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
  private final Verifier verifier = new Verifier(SECRET);
  private final IntUnaryOperator answers;
  private final Work work;
  private final List<Arrival> log = new ArrayList<>();
  private final Set<String> accepted = new HashSet<>();

  /// What it does with a request beside keeping it. Called from many threads at a time.
  public interface Work {
    /// A request has come, and nothing of it is read yet.
    default void begin() {}

    /// It is in the log, and answered when this returns.
    void on(Arrival arrival) throws InterruptedException;
  }

  private LoggedReceiver(IntUnaryOperator answers, Work work) {
    this.answers = answers;
    this.work = work;
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1000);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.setExecutor(executor);
    server.createContext("/", this::handle);
    server.start();
  }

  static LoggedReceiver accepting() {
    return answering(_ -> 204);
  }

  /// @param answers the status by an arrival's place in the log
  static LoggedReceiver answering(IntUnaryOperator answers) {
    return working(answers, _ -> {});
  }

  /// @param answers the status by an arrival's place in the log
  public static LoggedReceiver working(IntUnaryOperator answers, Work work) {
    return new LoggedReceiver(answers, work);
  }

  /// Takes requests and answers none before the gate is open.
  static LoggedReceiver answeringAfter(CountDownLatch gate) {
    return working(_ -> 204, _ -> gate.await());
  }

  /// Accepts everything, and takes that long for it.
  static LoggedReceiver acceptingIn(Duration latency) {
    return working(_ -> 204, _ -> Thread.sleep(latency));
  }

  public int port() {
    return server.getAddress().getPort();
  }

  String url() {
    return "http://127.0.0.1:" + port() + "/hooks";
  }

  public synchronized List<Arrival> log() {
    return List.copyOf(log);
  }

  public synchronized int count() {
    return log.size();
  }

  /// How many different deliveries it accepted so far.
  synchronized int acceptedDeliveries() {
    return accepted.size();
  }

  @Override
  public void close() {
    server.stop(0);
    executor.shutdownNow(); // an answer under way may wait for a gate, or for what was killed
  }

  private void handle(HttpExchange exchange) throws IOException {
    work.begin();
    try (exchange) {
      Map<String, String> headers = new HashMap<>();
      exchange
          .getRequestHeaders()
          .forEach((name, values) ->
              headers.put(name.toLowerCase(Locale.ROOT), String.join(", ", values)));
      byte[] body = exchange.getRequestBody().readAllBytes();
      boolean verified =
          verifier
              .verify(name -> Optional.ofNullable(headers.get(name.toLowerCase(Locale.ROOT))), body)
              .isVerified();
      Arrival arrival = add(headers, new String(body, StandardCharsets.ISO_8859_1), verified);
      work.on(arrival);
      exchange.sendResponseHeaders(arrival.answer(), -1);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized Arrival add(Map<String, String> headers, String body, boolean verified) {
    Arrival arrival =
        new Arrival(log.size(), headers, body, verified, answers.applyAsInt(log.size()));
    log.add(arrival);
    if (arrival.accepted()) {
      accepted.add(arrival.delivery());
    }
    return arrival;
  }
}
