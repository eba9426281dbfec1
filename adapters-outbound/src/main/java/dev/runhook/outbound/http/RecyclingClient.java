package dev.runhook.outbound.http;

import java.net.http.HttpClient;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/// Replaces the JDK's client when it has leaked a connection.
///
/// If the status line or headers of a response are malformed, the client loses track of the open
/// connection and closes it only when the client itself is closed. Hostile receivers could exhaust
/// the sockets that way. After such a response a new client takes over, and the old one is closed
/// when its last exchange ends. Replacements are at least half a second apart, which bounds the
/// number of clients. Thread-safe.
final class RecyclingClient implements AutoCloseable {
  private static final Duration MIN_INTERVAL = Duration.ofMillis(500);

  private final Supplier<HttpClient> factory;
  private final BodyWatchdog watchdog;
  private final Set<Generation> open = ConcurrentHashMap.newKeySet();
  private final AtomicBoolean replacing = new AtomicBoolean();
  private volatile Generation current;
  private volatile long replacedAt = System.nanoTime() - MIN_INTERVAL.toNanos();

  RecyclingClient(Supplier<HttpClient> factory, BodyWatchdog watchdog) {
    this.factory = factory;
    this.watchdog = watchdog;
    this.current = next();
  }

  /// An operation that uses a client.
  interface ClientAction {
    void accept(HttpClient client) throws InterruptedException;
  }

  void withClient(ClientAction action) throws InterruptedException {
    Generation generation = enterCurrent();
    try {
      action.accept(generation.client);
    } finally {
      generation.leave();
    }
  }

  /// Runs the action with a new client and closes that client and its connections afterwards.
  void withFreshClient(ClientAction action) throws InterruptedException {
    Generation generation = next();
    try {
      action.accept(generation.client);
    } finally {
      generation.leave();
    }
  }

  /// Reports that the current client has leaked a connection.
  void reportLeak() {
    if (replacing.compareAndSet(false, true)) {
      long elapsed = System.nanoTime() - replacedAt;
      watchdog.schedule(MIN_INTERVAL.minusNanos(elapsed), this::replace);
    }
  }

  @Override
  public void close() {
    open.forEach(generation -> generation.client.shutdownNow());
    open.forEach(generation -> generation.client.close());
  }

  private Generation enterCurrent() {
    Generation generation = current;
    while (!generation.enter()) {
      generation = current;
    }
    return generation;
  }

  private void replace() {
    replacing.set(false); // from here on, a leak is reported for the next client
    Generation old = current;
    current = next(); // may fail, for example without file descriptors
    replacedAt = System.nanoTime();
    old.leave();
  }

  private Generation next() {
    Generation generation = new Generation(factory.get());
    open.add(generation);
    return generation;
  }

  /// A client with its number of users. Being the current client counts as one use.
  private final class Generation {
    private final HttpClient client;
    private final AtomicInteger uses = new AtomicInteger(1);

    private Generation(HttpClient client) {
      this.client = client;
    }

    /// Returns whether the client is still open. If so, the caller must call [#leave].
    private boolean enter() {
      return uses.getAndUpdate(count -> count == 0 ? 0 : count + 1) > 0;
    }

    private void leave() {
      if (uses.decrementAndGet() == 0) {
        client.shutdownNow();
        open.remove(this);
      }
    }
  }
}
