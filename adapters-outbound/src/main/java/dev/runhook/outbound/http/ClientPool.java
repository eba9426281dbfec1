package dev.runhook.outbound.http;

import dev.runhook.domain.delivery.Outcome;
import dev.runhook.domain.delivery.Outcome.Cause;
import dev.runhook.domain.delivery.Outcome.NoResponse;
import dev.runhook.domain.delivery.Outcome.Responded;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/// Chooses the HTTP client of an exchange: usually the shared one, which is replaced when it has
/// leaked a connection.
///
/// If the status line or headers of a response are malformed, the JDK's client loses track of the
/// open connection and closes it only when the client itself is closed. Hostile receivers could
/// exhaust the sockets that way. After such a response, a new client takes over, and the old one is
/// closed when its last exchange ends. Replacements are at least half a second apart, which bounds
/// the number of clients. Until the receiver sends a valid response, each of its exchanges gets a
/// client that is closed afterward, so that no connection leaks. Thread-safe.
final class ClientPool implements AutoCloseable {
  /// Any further receiver only causes the shared client to be replaced.
  private static final int MAX_MALFORMED_HOSTS = 10_000;

  private static final Duration MIN_INTERVAL = Duration.ofMillis(500);

  private final Supplier<HttpClient> factory;
  private final BodyWatchdog watchdog;
  private final Set<String> malformedHosts = ConcurrentHashMap.newKeySet();
  private final Set<CountedClient> open = ConcurrentHashMap.newKeySet();
  private final AtomicBoolean replacing = new AtomicBoolean();
  private volatile CountedClient shared;
  private volatile long replacedAt = System.nanoTime() - MIN_INTERVAL.toNanos();

  ClientPool(Supplier<HttpClient> factory, BodyWatchdog watchdog) {
    this.factory = factory;
    this.watchdog = watchdog;
    this.shared = newClient();
  }

  void run(DeliveryExchange exchange, HttpRequest request) throws InterruptedException {
    String receiver = request.uri().getScheme() + "://" + request.uri().getRawAuthority();
    boolean wasMalformed = malformedHosts.contains(receiver);
    CountedClient client = wasMalformed ? newClient() : enterShared();
    try {
      exchange.run(client.http, request);
    } finally {
      client.leave();
    }
    Outcome outcome = exchange.outcome();
    if (wasMalformed) {
      if (outcome instanceof Responded) {
        malformedHosts.remove(receiver);
      }
    } else if (outcome instanceof NoResponse(Cause cause, _) && cause == Cause.MALFORMED_RESPONSE) {
      scheduleReplacement();
      if (malformedHosts.size() < MAX_MALFORMED_HOSTS) {
        malformedHosts.add(receiver);
      }
    }
  }

  @Override
  public void close() {
    open.forEach(client -> client.http.shutdownNow());
    open.forEach(client -> client.http.close());
  }

  private CountedClient enterShared() {
    CountedClient client = shared;
    while (!client.enter()) {
      client = shared;
    }
    return client;
  }

  private void scheduleReplacement() {
    if (replacing.compareAndSet(false, true)) {
      long elapsed = System.nanoTime() - replacedAt;
      watchdog.schedule(MIN_INTERVAL.minusNanos(elapsed), this::replaceShared);
    }
  }

  private void replaceShared() {
    replacing.set(false); // from here on, a leak schedules the next replacement
    CountedClient old = shared;
    shared = newClient(); // may fail, for example if no file descriptor is left
    replacedAt = System.nanoTime();
    old.leave();
  }

  private CountedClient newClient() {
    CountedClient client = new CountedClient(factory.get());
    open.add(client);
    return client;
  }

  /// A client with its number of users. Being the shared client, or a new one, counts as one use.
  private final class CountedClient {
    private final HttpClient http;
    private final AtomicInteger uses = new AtomicInteger(1);

    private CountedClient(HttpClient http) {
      this.http = http;
    }

    /// Returns whether the client is still open. If so, the caller must call [#leave].
    private boolean enter() {
      return uses.getAndUpdate(count -> count == 0 ? 0 : count + 1) > 0;
    }

    private void leave() {
      if (uses.decrementAndGet() == 0) {
        http.shutdownNow();
        open.remove(this);
      }
    }
  }
}
