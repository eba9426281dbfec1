package dev.runhook.outbound.egress;

import dev.runhook.outbound.egress.DnsCache.Resolution.Resolved;
import dev.runhook.outbound.egress.DnsCache.Resolution.Unresolved;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingDeque;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Looks up host names on a few platform threads, one lookup per name at a time, and waits at most
/// three seconds for each. A hanging lookup blocks its thread for as long as the system resolver
/// takes, and on virtual threads it would block their carriers.
///
/// The latest request runs first. If lookups of dead names occupy all threads, a new name waits for
/// the next free thread instead of for the whole queue, whose callers have given up.
///
/// Results are cached:
///
/// - Addresses are fresh for 10 s. After that they are looked up again. While that lookup hangs,
///   the stale addresses remain usable for up to 5 minutes, so a reachable receiver stays reachable
///   while DNS or the lookup threads are stuck.
/// - A failure is cached for 5 s, or for one minute if the lookup took longer than
///   [#LOOKUP_TIMEOUT].
///
/// Thread-safe.
final class DnsCache implements AutoCloseable {
  static final Duration LOOKUP_TIMEOUT = Duration.ofSeconds(3);
  private static final Duration REFRESH_TIMEOUT = Duration.ofMillis(250);
  private static final Duration FRESH = Duration.ofSeconds(10);
  private static final Duration USABLE = Duration.ofMinutes(5);
  private static final Duration FAILED = Duration.ofSeconds(5);
  private static final Duration STUCK = Duration.ofMinutes(1);
  private static final int THREADS = 24;
  private static final int MAX_QUEUED = 10_000;
  private static final int MAX_NAMES = 10_000;
  private static final Duration IDLE_THREAD = Duration.ofSeconds(10);

  /// The result of a lookup.
  sealed interface Resolution {
    /// @param addresses at least one
    record Resolved(List<InetAddress> addresses) implements Resolution {}

    /// @param reason a sentence for users
    record Unresolved(String reason) implements Resolution {}
  }

  private final HostResolver resolver;
  private final Map<String, CachedHost> hosts = new ConcurrentHashMap<>();
  private final ThreadPoolExecutor pool =
      new ThreadPoolExecutor(
          THREADS,
          THREADS,
          IDLE_THREAD.toMillis(),
          TimeUnit.MILLISECONDS,
          new LinkedBlockingDeque<>(MAX_QUEUED) {
            @Override
            public boolean offer(Runnable task) {
              return offerFirst(task);
            }
          },
          Thread.ofPlatform().daemon().name("runhook-dns-", 0).factory());

  DnsCache(HostResolver resolver) {
    this.resolver = resolver;
    pool.allowCoreThreadTimeOut(true);
  }

  Resolution resolve(String host, Duration timeout) throws InterruptedException {
    CachedHost cached = hosts.get(host);
    return (cached == null ? cachedHost(host) : cached).resolve(timeout);
  }

  private CachedHost cachedHost(String host) {
    if (hosts.size() >= MAX_NAMES) {
      hosts.values().removeIf(CachedHost::isEvictable);
    }
    return hosts.computeIfAbsent(host.toLowerCase(Locale.ROOT), CachedHost::new);
  }

  /// Stops the idle threads. A thread that hangs in the system resolver is a daemon and stops when
  /// the resolver returns.
  @Override
  public void close() {
    pool.shutdownNow();
  }

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

  /// A host name and the result of its last lookup.
  private final class CachedHost {
    private final String host;
    private volatile Entry entry;
    private @Nullable Lookup running;

    CachedHost(String host) {
      this.host = host;
      long now = System.nanoTime();
      this.entry = new Entry(unknownHost(), now, now);
    }

    Resolution resolve(Duration timeout) throws InterruptedException {
      Entry last = entry;
      if (last.isFresh()) {
        return last.resolution();
      }
      Resolved stale = last.usable();
      String failure;
      try {
        Lookup lookup = joinLookup();
        long left = lookup.nanosLeft(stale == null ? LOOKUP_TIMEOUT : REFRESH_TIMEOUT);
        boolean done = lookup.done().await(Math.min(left, timeout.toNanos()), TimeUnit.NANOSECONDS);
        if (done) {
          return entry.resolution();
        }
        failure = "the DNS lookup of " + host + " timed out; check its DNS servers";
      } catch (RejectedExecutionException ignored) {
        failure = host + " was not looked up: too many other DNS lookups are hanging";
      }
      return stale == null ? new Unresolved(failure) : stale;
    }

    synchronized boolean isEvictable() {
      return running == null && !entry.isFresh();
    }

    /// Starts a lookup, or joins the one that is running.
    private synchronized Lookup joinLookup() {
      if (running != null) {
        return running;
      }
      Lookup started = new Lookup(new CountDownLatch(1), System.nanoTime());
      pool.execute(() -> run(started));
      running = started;
      return started;
    }

    private void run(Lookup lookup) {
      Resolution resolution = new Unresolved("the DNS lookup of " + host + " failed");
      try {
        List<InetAddress> addresses = resolver.resolve(host);
        resolution = addresses.isEmpty() ? unknownHost() : new Resolved(List.copyOf(addresses));
      } catch (UnknownHostException ignored) {
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
      Resolved stale = entry.usable();
      return stale == null
          ? new Entry(resolution, now, now + STUCK.toNanos())
          : new Entry(stale, entry.resolvedAt(), now + STUCK.toNanos());
    }
  }
}
