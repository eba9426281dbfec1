package dev.runhook.outbound.http;

import java.net.http.HttpClient;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/// The JDK's client, replaced when it has to be.
///
/// It forgets a connection, open, when the answer's status line or headers are no HTTP, and only
/// closes it when it ends itself; receivers could make us run out of sockets that way. So after
/// such an answer a new client takes over, and the old one ends as soon as the last exchange ends
/// that uses it: a timeout later at most. Renewals are half a second apart, so there are never many
/// clients.
final class RecyclingClient implements AutoCloseable {
  private static final Duration BETWEEN_RENEWALS = Duration.ofMillis(500);

  private final Supplier<HttpClient> maker;
  private final BodyWatchdog bodyWatchdog;
  private final Set<Generation> alive = ConcurrentHashMap.newKeySet();
  private final AtomicBoolean renewing = new AtomicBoolean();
  private volatile Generation current;
  private volatile long renewedAt = System.nanoTime() - BETWEEN_RENEWALS.toNanos();

  RecyclingClient(Supplier<HttpClient> maker, BodyWatchdog deadlines) {
    this.maker = maker;
    this.bodyWatchdog = deadlines;
    this.current = next();
  }

  /// What is done with a client.
  interface ClientAction {
    void accept(HttpClient client) throws InterruptedException;
  }

  void withClient(ClientAction clientAction) throws InterruptedException {
    Generation mine = entered();
    try {
      clientAction.accept(mine.client);
    } finally {
      mine.leave();
    }
  }

  /// With a client that ends when this returns, and with it all connections that it has.
  void withFreshClient(ClientAction clientAction) throws InterruptedException {
    Generation mine = next();
    try {
      clientAction.accept(mine.client);
    } finally {
      mine.leave();
    }
  }

  /// Tells that it has forgotten a connection.
  void reportLeak() {
    if (renewing.compareAndSet(false, true)) {
      long sinceLast = System.nanoTime() - renewedAt;
      bodyWatchdog.schedule(BETWEEN_RENEWALS.minusNanos(sinceLast), this::renew);
    }
  }

  @Override
  public void close() {
    alive.forEach(generation -> generation.client.shutdownNow());
    alive.forEach(generation -> generation.client.close());
  }

  private Generation entered() {
    Generation seen = current;
    while (!seen.enter()) {
      seen = current;
    }
    return seen;
  }

  private void renew() {
    renewing.set(false); // whoever forgets one from here on does so with the next client, or late
    Generation old = current;
    current = next(); // which may fail, for want of descriptors say
    renewedAt = System.nanoTime();
    old.leave();
  }

  private Generation next() {
    Generation generation = new Generation(maker.get());
    alive.add(generation);
    return generation;
  }

  /// A client and how many use it; being the one for new exchanges counts as a use.
  private final class Generation {
    private final HttpClient client;
    private final AtomicInteger uses = new AtomicInteger(1);

    private Generation(HttpClient client) {
      this.client = client;
    }

    /// Whether it can still be used; [#leave] follows if so.
    private boolean enter() {
      return uses.getAndUpdate(now -> now == 0 ? 0 : now + 1) > 0;
    }

    private void leave() {
      if (uses.decrementAndGet() == 0) {
        client.shutdownNow();
        alive.remove(this);
      }
    }
  }
}
