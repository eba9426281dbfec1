package dev.runhook.outbound.http;

import dev.runhook.domain.account.AccountId;
import dev.runhook.domain.delivery.Outcome;
import dev.runhook.domain.delivery.Outcome.Cause;
import dev.runhook.domain.delivery.Outcome.NoResponse;
import dev.runhook.domain.delivery.Outcome.Responded;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/// Chooses the HTTP client of an exchange: usually that of the account, which is replaced when it
/// has leaked a connection.
///
/// The JDK's client reuses plain HTTP connections by address and port, for any host name. With one
/// client per account, bytes that one account's receiver sends too late cannot become the response
/// to another account's request. Idle clients are closed, because each has a thread.
///
/// If the status line or headers of a response are malformed, the JDK's client loses track of the
/// open connection and closes it only when the client itself is closed. Hostile receivers could
/// exhaust the sockets that way. After such a response, a new client takes over, and the old one is
/// closed when its last exchange ends. Replacements are at least half a second apart, which bounds
/// the number of clients. Until the receiver sends a valid response, each of its exchanges gets a
/// client that is closed afterward, so that no connection leaks. Thread-safe.
final class ClientPool implements AutoCloseable {
  /// Any further receiver only causes the account's client to be replaced.
  private static final int MAX_MALFORMED_RECEIVERS = 10_000;

  private static final Duration MIN_INTERVAL = Duration.ofMillis(500);

  private final Supplier<HttpClient> factory;
  private final BodyWatchdog watchdog;
  private final Duration maxIdle;
  private final Set<ConnectionKey> malformedReceivers = ConcurrentHashMap.newKeySet();
  private final Map<AccountId, CountedClient> clients = new ConcurrentHashMap<>();
  private final Set<CountedClient> open = ConcurrentHashMap.newKeySet();
  private final AtomicBoolean sweepScheduled = new AtomicBoolean();
  private volatile boolean closed;

  /// @param maxIdle how long a client stays open without requests; longer than its connections
  ClientPool(Supplier<HttpClient> factory, BodyWatchdog watchdog, Duration maxIdle) {
    this.factory = factory;
    this.watchdog = watchdog;
    this.maxIdle = maxIdle;
  }

  void run(DeliveryExchange exchange, ConnectionKey key, HttpRequest request)
      throws InterruptedException {
    boolean wasMalformed = malformedReceivers.contains(key);
    CountedClient client = wasMalformed ? newClient() : enterClient(key.account());
    try {
      exchange.run(client.http, request);
    } finally {
      client.leave();
    }
    Outcome outcome = exchange.outcome();
    if (wasMalformed) {
      if (outcome instanceof Responded) {
        malformedReceivers.remove(key);
      }
    } else if (outcome instanceof NoResponse(Cause cause, var ignored)
        && cause == Cause.MALFORMED_RESPONSE) {
      scheduleReplacement(key.account(), client);
      if (malformedReceivers.size() < MAX_MALFORMED_RECEIVERS) {
        malformedReceivers.add(key);
      }
    }
  }

  @Override
  public void close() {
    closed = true;
    open.forEach(client -> client.http.shutdownNow());
    open.forEach(client -> client.http.close());
  }

  private CountedClient enterClient(AccountId account) {
    while (true) {
      CountedClient client = clients.computeIfAbsent(account, ignored -> newClient());
      if (client.enter()) {
        scheduleSweep();
        return client;
      }
    }
  }

  private void scheduleReplacement(AccountId account, CountedClient client) {
    if (client.replacing.compareAndSet(false, true)) {
      watchdog.schedule(MIN_INTERVAL.minus(client.age()), () -> retire(account, client));
    }
  }

  private void scheduleSweep() {
    if (!sweepScheduled.get() && sweepScheduled.compareAndSet(false, true)) {
      watchdog.schedule(maxIdle, this::retireIdle);
    }
  }

  private void retireIdle() {
    sweepScheduled.set(false);
    clients.forEach((account, client) -> {
      if (client.isIdle()) {
        retire(account, client);
      }
    });
    if (!clients.isEmpty()) {
      scheduleSweep();
    }
  }

  /// Lets the next exchange of the account create a client. This one is closed when its last
  /// exchange ends.
  private void retire(AccountId account, CountedClient client) {
    if (clients.remove(account, client)) {
      client.leave();
    }
  }

  private CountedClient newClient() {
    CountedClient client = new CountedClient(factory.get());
    open.add(client);
    if (closed) {
      client.http.shutdownNow();
    }
    return client;
  }

  /// A client with its number of users. Being the client of an account, or a new one, counts as one
  /// use.
  private final class CountedClient {
    private final HttpClient http;
    private final long createdAt = System.nanoTime();
    private final AtomicInteger uses = new AtomicInteger(1);
    private final AtomicBoolean replacing = new AtomicBoolean();
    private volatile long usedAt = createdAt;

    private CountedClient(HttpClient http) {
      this.http = http;
    }

    private Duration age() {
      return Duration.ofNanos(System.nanoTime() - createdAt);
    }

    private boolean isIdle() {
      return uses.get() == 1 && System.nanoTime() - usedAt > maxIdle.toNanos();
    }

    /// Returns whether the client is still open. If so, the caller must call [#leave].
    private boolean enter() {
      return uses.getAndUpdate(count -> count == 0 ? 0 : count + 1) > 0;
    }

    private void leave() {
      usedAt = System.nanoTime();
      if (uses.decrementAndGet() == 0) {
        http.shutdownNow();
        open.remove(this);
      }
    }
  }
}
