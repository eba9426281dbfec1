package dev.runhook.outbound.egress;

import dev.runhook.outbound.egress.DnsCache.Resolution;
import dev.runhook.outbound.egress.DnsCache.Resolution.Resolved;
import dev.runhook.outbound.egress.DnsCache.Resolution.Unresolved;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// A host name and the result of its last lookup. Thread-safe.
///
/// - Addresses are fresh for 10 s. After that they are looked up again. While that lookup hangs,
///   the stale addresses remain usable for up to 5 minutes, so a reachable receiver stays reachable
///   while DNS or the lookup threads are stuck.
/// - A failure is cached for 5 s, or for one minute if the lookup took longer than
///   [#LOOKUP_TIMEOUT].
final class CachedHost {
  static final Duration LOOKUP_TIMEOUT = Duration.ofSeconds(3);
  private static final Duration REFRESH_TIMEOUT = Duration.ofMillis(250);
  private static final Duration FRESH = Duration.ofSeconds(10);
  private static final Duration USABLE = Duration.ofMinutes(5);
  private static final Duration FAILED = Duration.ofSeconds(5);
  private static final Duration STUCK = Duration.ofMinutes(1);

  /// @param resolvedAt when DNS returned it, by `System.nanoTime()`
  /// @param freshUntil when to look it up again, by `System.nanoTime()`
  private record Entry(Resolution resolution, long resolvedAt, long freshUntil) {
    boolean isFresh() {
      return freshUntil - System.nanoTime() > 0;
    }

    /// Returns the addresses if they may still be used while a lookup is running.
    @Nullable Resolved usable() {
      return resolution instanceof Resolved resolved
              && System.nanoTime() - resolvedAt < USABLE.toNanos()
          ? resolved
          : null;
    }
  }

  private record Lookup(CountDownLatch done, long startedAt) {
    long nanosLeft(Duration timeout) {
      return startedAt + timeout.toNanos() - System.nanoTime();
    }
  }

  private final String host;
  private final HostResolver resolver;
  private final Executor pool;
  private volatile @Nullable Entry entry;
  private @Nullable Lookup running;

  CachedHost(String host, HostResolver resolver, Executor pool) {
    this.host = host;
    this.resolver = resolver;
    this.pool = pool;
  }

  Resolution resolve(Duration timeout) throws InterruptedException {
    Entry last = entry;
    if (last != null && last.isFresh()) {
      return last.resolution();
    }
    Resolution stale = last == null ? null : last.usable();
    try {
      Lookup lookup = joinLookup();
      long left = lookup.nanosLeft(stale == null ? LOOKUP_TIMEOUT : REFRESH_TIMEOUT);
      boolean done = lookup.done().await(Math.min(left, timeout.toNanos()), TimeUnit.NANOSECONDS);
      Entry current = entry;
      if (done && current != null) {
        return current.resolution();
      }
      return stale == null
          ? new Unresolved("the DNS lookup of " + host + " timed out; check its DNS servers")
          : stale;
    } catch (RejectedExecutionException _) {
      return stale == null
          ? new Unresolved(host + " was not looked up: too many other DNS lookups are hanging")
          : stale;
    }
  }

  synchronized boolean isEvictable() {
    Entry last = entry;
    return running == null && (last == null || !last.isFresh());
  }

  /// Starts a lookup, or joins the one that is running.
  private synchronized Lookup joinLookup() {
    Lookup lookup = running;
    if (lookup == null) {
      Lookup started = new Lookup(new CountDownLatch(1), System.nanoTime());
      pool.execute(() -> run(started));
      running = started;
      lookup = started;
    }
    return lookup;
  }

  private void run(Lookup lookup) {
    Resolution resolution = new Unresolved("the DNS lookup of " + host + " failed");
    try {
      List<InetAddress> addresses = resolver.resolve(host);
      resolution = addresses.isEmpty() ? unknownHost() : new Resolved(addresses);
    } catch (UnknownHostException _) {
      resolution = unknownHost();
    } finally {
      finish(lookup, resolution);
    }
  }

  private Unresolved unknownHost() {
    return new Unresolved("DNS has no address for " + host + "; check the host of the endpoint");
  }

  private void finish(Lookup lookup, Resolution resolution) {
    boolean inTime = lookup.nanosLeft(LOOKUP_TIMEOUT) > 0;
    synchronized (this) {
      entry = nextEntry(resolution, inTime, System.nanoTime());
      running = null;
    }
    lookup.done().countDown();
  }

  private Entry nextEntry(Resolution resolution, boolean inTime, long now) {
    if (resolution instanceof Resolved) {
      return new Entry(resolution, now, now + FRESH.toNanos());
    }
    if (inTime) {
      return new Entry(resolution, now, now + FAILED.toNanos());
    }
    Entry last = entry;
    Resolved stale = last == null ? null : last.usable();
    return last == null || stale == null
        ? new Entry(resolution, now, now + STUCK.toNanos())
        : new Entry(stale, last.resolvedAt(), now + STUCK.toNanos());
  }
}
