package dev.runhook.outbound.egress;

import dev.runhook.domain.account.AccountId;
import dev.runhook.outbound.egress.DnsCache.Resolution.Resolved;
import dev.runhook.outbound.egress.DnsCache.Resolution.Unresolved;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// Looks up host names, one lookup per name at a time, and waits at most three seconds for each.
/// [LookupThreads] shares the threads among the accounts, so that names of one account that never
/// answer do not delay the names of another.
///
/// Results are cached:
///
/// - Addresses are fresh for 10 s. After that they are looked up again, and remain usable until DNS
///   answers: for up to 5 minutes if the lookup hangs, and without a limit while it waits for a
///   thread. So a reachable receiver stays reachable while DNS or the lookup threads are stuck.
/// - A failure is cached for 5 s, or for one minute if the lookup took longer than
///   [#LOOKUP_TIMEOUT]. A lookup that did not run is not a failure of the name.
///
/// Thread-safe.
final class DnsCache implements AutoCloseable {
  static final Duration LOOKUP_TIMEOUT = Duration.ofSeconds(3);
  static final Duration USABLE = Duration.ofMinutes(5);
  private static final Duration REFRESH_TIMEOUT = Duration.ofMillis(250);
  private static final Duration FRESH = Duration.ofSeconds(10);
  private static final Duration FAILED = Duration.ofSeconds(5);
  private static final Duration STUCK = Duration.ofMinutes(1);
  private static final int MAX_NAMES = 10_000;

  /// The result of a lookup.
  sealed interface Resolution {
    /// @param addresses at least one
    record Resolved(List<InetAddress> addresses) implements Resolution {}

    /// @param reason a sentence for users
    record Unresolved(String reason) implements Resolution {}
  }

  private final HostResolver resolver;
  private final LongSupplier nanoTime;
  private final Map<String, CachedHost> hosts = new ConcurrentHashMap<>();
  private final LookupThreads threads = new LookupThreads();

  DnsCache(HostResolver resolver, LongSupplier nanoTime) {
    this.resolver = resolver;
    this.nanoTime = nanoTime;
  }

  Resolution resolve(AccountId account, String host, Duration timeout) throws InterruptedException {
    CachedHost cached = hosts.get(host);
    return (cached == null ? cachedHost(host) : cached).resolve(account, timeout);
  }

  private CachedHost cachedHost(String host) {
    if (hosts.size() >= MAX_NAMES) {
      hosts.values().removeIf(CachedHost::isEvictable);
    }
    return hosts.computeIfAbsent(host.toLowerCase(Locale.ROOT), CachedHost::new);
  }

  @Override
  public void close() {
    threads.close();
  }

  /// @param freshUntil when to look it up again, by `nanoTime`
  /// @param unansweredSince when the first lookup started that DNS has not answered; null if there
  ///   is none
  private record Entry(Resolution resolution, long freshUntil, @Nullable Long unansweredSince) {}

  /// A host name and the result of its last lookup.
  private final class CachedHost {
    private final String host;
    private volatile Entry entry;
    private LookupThreads.@Nullable Lookup lookup;

    CachedHost(String host) {
      this.host = host;
      this.entry = new Entry(unknownHost(), nanoTime.getAsLong(), null);
    }

    Resolution resolve(AccountId account, Duration timeout) throws InterruptedException {
      Entry last = entry;
      if (isFresh(last)) {
        return last.resolution();
      }
      LookupThreads.Lookup current = currentLookup();
      threads.request(account, current);
      Resolved stale = usable(last);
      if (current.await(min(timeout, maxWait(current, stale != null)))) {
        return entry.resolution();
      }
      return stale == null ? new Unresolved(failureOf(current)) : stale;
    }

    /// Returns how long to wait for the result. A refresh that has to wait for a thread is not
    /// worth waiting for.
    private static Duration maxWait(LookupThreads.Lookup lookup, boolean hasAddresses) {
      if (!hasAddresses) {
        return LOOKUP_TIMEOUT.minus(lookup.elapsed());
      }
      return lookup.isStarted() ? REFRESH_TIMEOUT.minus(lookup.elapsed()) : Duration.ZERO;
    }

    private String failureOf(LookupThreads.Lookup lookup) {
      return lookup.isStarted()
          ? "the DNS lookup of " + host + " timed out; check its DNS servers"
          : host + " was not looked up: too many other DNS lookups are hanging";
    }

    synchronized boolean isEvictable() {
      return (lookup == null || !lookup.isStarted()) && !isFresh(entry);
    }

    /// Returns the lookup that waits or runs, or a new one.
    private synchronized LookupThreads.Lookup currentLookup() {
      if (lookup == null) {
        boolean isRefresh = entry.resolution() instanceof Resolved;
        lookup = new LookupThreads.Lookup(isRefresh, nanoTime, this::run);
      }
      return lookup;
    }

    private void run() {
      long startedAt = nanoTime.getAsLong();
      begin(startedAt);
      Resolution resolution = new Unresolved("the DNS lookup of " + host + " failed");
      try {
        List<InetAddress> addresses = resolver.resolve(host);
        resolution = addresses.isEmpty() ? unknownHost() : new Resolved(List.copyOf(addresses));
      } catch (UnknownHostException ignored) {
        resolution = unknownHost();
      } finally {
        finish(resolution, startedAt);
      }
    }

    private Unresolved unknownHost() {
      return new Unresolved("DNS has no address for " + host + "; check the host of the endpoint");
    }

    private synchronized void begin(long now) {
      if (entry.unansweredSince() == null) {
        entry = new Entry(entry.resolution(), entry.freshUntil(), now);
      }
    }

    private synchronized void finish(Resolution resolution, long startedAt) {
      long now = nanoTime.getAsLong();
      entry = nextEntry(resolution, now - startedAt < LOOKUP_TIMEOUT.toNanos(), now);
      lookup = null;
    }

    private Entry nextEntry(Resolution resolution, boolean inTime, long now) {
      if (resolution instanceof Resolved) {
        return new Entry(resolution, now + FRESH.toNanos(), null);
      }
      if (inTime) {
        return new Entry(resolution, now + FAILED.toNanos(), null);
      }
      Resolved stale = usable(entry);
      return stale == null
          ? new Entry(resolution, now + STUCK.toNanos(), null)
          : new Entry(stale, now + STUCK.toNanos(), entry.unansweredSince());
    }
  }

  private boolean isFresh(Entry entry) {
    return entry.freshUntil() - nanoTime.getAsLong() > 0;
  }

  /// Returns the addresses if they may still be used until DNS answers.
  private @Nullable Resolved usable(Entry entry) {
    Long since = entry.unansweredSince();
    return entry.resolution() instanceof Resolved resolved
            && (since == null || nanoTime.getAsLong() - since < USABLE.toNanos())
        ? resolved
        : null;
  }

  private static Duration min(Duration a, Duration b) {
    return a.compareTo(b) < 0 ? a : b;
  }
}
