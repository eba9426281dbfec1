package dev.runhook.outbound;

import java.net.http.HttpClient;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

/// The JDK's client, replaced now and then.
///
/// It forgets a connection, open, when the answer's status line or headers are no HTTP, and only
/// closes it when it ends itself; receivers could make us run out of sockets that way. So after
/// such an answer a new client takes over, and the old one ends when its last exchange has.
final class RenewedClient implements AutoCloseable {
  static final Duration RENEWED_AFTER = Duration.ofSeconds(10);

  private final Supplier<HttpClient> maker;
  private final Deadlines deadlines;
  private final Duration pause;
  private final Set<HttpClient> alive = ConcurrentHashMap.newKeySet();
  private final AtomicBoolean renewing = new AtomicBoolean();
  private volatile HttpClient current;

  /// @param pause from such an answer to the new client, and from there to the end of the old one
  RenewedClient(Supplier<HttpClient> maker, Deadlines deadlines, Duration pause) {
    this.maker = maker;
    this.deadlines = deadlines;
    this.pause = pause;
    this.current = maker.get();
    alive.add(current);
  }

  /// The client to use now, for an exchange that begins at once.
  HttpClient current() {
    return current;
  }

  /// Tells that it has forgotten a connection. At most one renewal is under way.
  void hasForgotten() {
    if (renewing.compareAndSet(false, true)) {
      var _ = deadlines.at(Deadline.in(pause), this::renew);
    }
  }

  private void renew() {
    HttpClient old = current;
    try {
      current = maker.get();
      alive.add(current);
    } finally {
      renewing.set(false); // also where it could not be made, for want of descriptors say
    }
    var _ = deadlines.at(Deadline.in(pause), () -> retire(old));
  }

  private void retire(HttpClient old) {
    old.shutdown();
    alive.removeIf(HttpClient::isTerminated);
  }

  @Override
  public void close() {
    alive.forEach(HttpClient::shutdownNow);
    alive.forEach(HttpClient::close);
  }
}
