package dev.runhook.outbound.egress;

import dev.runhook.outbound.egress.DnsCache.Resolution;
import dev.runhook.outbound.egress.DnsCache.Resolution.Resolved;
import dev.runhook.outbound.egress.DnsCache.Resolution.Unresolved;
import dev.runhook.outbound.egress.DnsCache.Resolver;
import dev.runhook.outbound.http.Deadline;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// One name and what is known of it.
///
/// - Addresses are good for 10 s. Then they are looked up again, and while that hangs the old ones
///   serve for up to 5 minutes, so that a receiver that was reachable stays so when DNS, or our
///   threads for it, are stuck.
/// - A name that is unknown stays so for 5 s; one whose look-up took longer than 3 s and failed,
///   for a minute.
final class CachedHost {
  static final Duration LOOKUP_TIMEOUT = Duration.ofSeconds(3);
  private static final Duration PATIENCE_WITH_OLD_ONES = Duration.ofMillis(250);
  private static final Duration FRESH = Duration.ofSeconds(10);
  private static final Duration USABLE = Duration.ofMinutes(5);
  private static final Duration UNKNOWN = Duration.ofSeconds(5);
  private static final Duration STUCK = Duration.ofMinutes(1);

  /// @param seen when DNS said so
  /// @param freshUntil when it is to be looked up again
  private record Known(Resolution found, long seen, long freshUntil) {
    boolean isFresh() {
      return freshUntil - System.nanoTime() > 0;
    }

    /// The addresses, if they may serve for want of newer ones.
    @Nullable Resolved usable() {
      return found instanceof Resolved resolved && System.nanoTime() - seen < USABLE.toNanos()
          ? resolved
          : null;
    }
  }

  private record Running(CountDownLatch over, long since) {
    long nanosLeft(Duration patience) {
      return since + patience.toNanos() - System.nanoTime();
    }
  }

  private final String host;
  private final Resolver resolver;
  private final Executor pool;
  private volatile @Nullable Known known;
  private @Nullable Running running;

  CachedHost(String host, Resolver source, Executor pool) {
    this.host = host;
    this.resolver = source;
    this.pool = pool;
  }

  Resolution resolve(Deadline deadline) throws InterruptedException {
    Known last = known;
    if (last != null && last.isFresh()) {
      return last.found();
    }
    Resolution old = last == null ? null : last.usable();
    try {
      Running lookup = join();
      long left = lookup.nanosLeft(old == null ? LOOKUP_TIMEOUT : PATIENCE_WITH_OLD_ONES);
      boolean over =
          lookup.over().await(Math.min(left, deadline.remaining().toNanos()), TimeUnit.NANOSECONDS);
      Known now = known;
      if (over && now != null) {
        return now.found();
      }
      return old == null
          ? new Unresolved(
              "looking up the address of " + host + " takes too long; check its DNS servers")
          : old;
    } catch (RejectedExecutionException _) {
      return old == null
          ? new Unresolved(
              "too many look-ups of other names hang, so " + host + " was not looked up")
          : old;
    }
  }

  synchronized boolean isEvictable() {
    Known last = known;
    return running == null && (last == null || !last.isFresh());
  }

  private synchronized Running join() {
    Running current = running;
    if (current == null) {
      Running started = new Running(new CountDownLatch(1), System.nanoTime());
      pool.execute(() -> lookUp(started));
      running = started;
      current = started;
    }
    return current;
  }

  private void lookUp(Running lookup) {
    Resolution resolution = new Unresolved("the address of " + host + " could not be looked up");
    try {
      List<InetAddress> addresses = resolver.resolve(host);
      resolution = addresses.isEmpty() ? unknown() : new Resolved(addresses);
    } catch (UnknownHostException _) {
      resolution = unknown();
    } finally {
      end(lookup, resolution);
    }
  }

  private Unresolved unknown() {
    return new Unresolved("DNS knows no address of " + host + "; check the endpoint's host");
  }

  private void end(Running lookup, Resolution resolution) {
    boolean inTime = lookup.nanosLeft(LOOKUP_TIMEOUT) > 0;
    synchronized (this) {
      known = learnt(resolution, inTime, System.nanoTime());
      running = null;
    }
    lookup.over().countDown();
  }

  private Known learnt(Resolution resolution, boolean inTime, long now) {
    if (resolution instanceof Resolved) {
      return new Known(resolution, now, now + FRESH.toNanos());
    }
    if (inTime) {
      return new Known(resolution, now, now + UNKNOWN.toNanos());
    }
    Known last = known;
    Resolved old = last == null ? null : last.usable();
    return last == null || old == null
        ? new Known(resolution, now, now + STUCK.toNanos())
        : new Known(old, last.seen(), now + STUCK.toNanos());
  }
}
