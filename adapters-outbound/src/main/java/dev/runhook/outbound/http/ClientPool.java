package dev.runhook.outbound.http;

import dev.runhook.domain.account.AccountId;
import dev.runhook.domain.delivery.Outcome;
import dev.runhook.domain.delivery.Outcome.Cause;
import dev.runhook.domain.delivery.Outcome.NoResponse;
import dev.runhook.domain.delivery.Outcome.Responded;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.function.Supplier;

/// Chooses the HTTP client of an exchange: usually that of the account, which is replaced when it
/// has leaked a connection.
///
/// The JDK's client reuses plain HTTP connections by address and port, for any host name. With one
/// client per account, bytes that one account's receiver sends too late cannot become the response
/// to another account's request.
///
/// Each client has a thread, so a client is closed soon after its last connection. Above a limit,
/// the least recently used client without an exchange is closed at once. If more accounts than that
/// send at the same time, the limit is exceeded until one of their exchanges ends, so that no
/// account waits for the receivers of others.
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
  private final int maxClients;
  private final Duration maxIdle;
  private final Set<ConnectionKey> malformedReceivers = ConcurrentHashMap.newKeySet();
  // the least recently used first
  private final Map<AccountId, CountedClient> clients = new LinkedHashMap<>(16, 0.75f, true);
  private final Set<CountedClient> open = new HashSet<>();
  private boolean sweepScheduled;
  private boolean closed;

  /// @param maxClients how many clients may stay open without an exchange
  /// @param maxIdle how long they stay open; longer than their connections
  ClientPool(
      Supplier<HttpClient> factory, BodyWatchdog watchdog, int maxClients, Duration maxIdle) {
    this.factory = factory;
    this.watchdog = watchdog;
    this.maxClients = maxClients;
    this.maxIdle = maxIdle;
  }

  void run(DeliveryExchange exchange, ConnectionKey key, HttpRequest request)
      throws InterruptedException {
    boolean wasMalformed = malformedReceivers.contains(key);
    CountedClient client = wasMalformed ? enterNewClient() : enterClient(key.account());
    try {
      exchange.run(client.http, request);
    } finally {
      leave(client);
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
    List<CountedClient> all;
    synchronized (this) {
      closed = true;
      all = List.copyOf(open);
    }
    all.forEach(client -> client.http.shutdownNow());
    all.forEach(client -> client.http.close());
  }

  private synchronized CountedClient enterClient(AccountId account) {
    CountedClient client = clients.get(account);
    if (client == null) {
      scheduleSweep(); // before a client counts, because the system may have no threads left
      closeIdleAbove(maxClients - 1);
      client = newClient();
      client.isOfAccount = true;
      clients.put(account, client);
    }
    client.exchanges++;
    return client;
  }

  private synchronized CountedClient enterNewClient() {
    CountedClient client = newClient();
    client.exchanges++;
    return client;
  }

  private CountedClient newClient() {
    CountedClient client = new CountedClient(factory.get());
    open.add(client);
    if (closed) {
      client.http.shutdownNow();
    }
    return client;
  }

  private synchronized void leave(CountedClient client) {
    client.exchanges--;
    client.usedAt = System.nanoTime();
    closeIfUnused(client);
    closeIdleAbove(maxClients);
  }

  private void scheduleSweep() {
    if (!sweepScheduled) {
      watchdog.schedule(maxIdle, this::sweep);
      sweepScheduled = true;
    }
  }

  private synchronized void sweep() {
    sweepScheduled = false;
    long now = System.nanoTime();
    closeIdle(client -> now - client.usedAt > maxIdle.toNanos());
    if (!clients.isEmpty()) {
      scheduleSweep();
    }
  }

  private void closeIdleAbove(int max) {
    if (clients.size() > max) {
      closeIdle(ignored -> clients.size() > max);
    }
  }

  /// Closes the clients without an exchange that match, the least recently used first.
  private void closeIdle(Predicate<CountedClient> condition) {
    Iterator<CountedClient> leastRecent = clients.values().iterator();
    while (leastRecent.hasNext()) {
      CountedClient client = leastRecent.next();
      if (client.exchanges == 0 && condition.test(client)) {
        leastRecent.remove();
        client.isOfAccount = false;
        closeIfUnused(client);
      }
    }
  }

  private void closeIfUnused(CountedClient client) {
    if (client.exchanges == 0 && !client.isOfAccount) {
      client.http.shutdownNow();
      open.remove(client);
    }
  }

  private synchronized void scheduleReplacement(AccountId account, CountedClient client) {
    if (!client.isReplacing) {
      watchdog.schedule(MIN_INTERVAL.minus(client.age()), () -> retire(account, client));
      client.isReplacing = true;
    }
  }

  /// Lets the next exchange of the account create a client. This one is closed when its last
  /// exchange ends.
  private synchronized void retire(AccountId account, CountedClient client) {
    if (clients.remove(account, client)) {
      client.isOfAccount = false;
      closeIfUnused(client);
    }
  }

  /// A client with its number of exchanges, guarded by the pool.
  private static final class CountedClient {
    private final HttpClient http;
    private final long createdAt = System.nanoTime();
    private long usedAt;
    private int exchanges;
    private boolean isOfAccount;
    private boolean isReplacing;

    private CountedClient(HttpClient http) {
      this.http = http;
    }

    private Duration age() {
      return Duration.ofNanos(System.nanoTime() - createdAt);
    }
  }
}
