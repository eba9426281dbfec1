package dev.runhook.outbound.egress;

import java.io.Serial;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingDeque;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/// Looks up host names on a few platform threads, one lookup per name at a time, and waits at most
/// three seconds for each. A hanging lookup blocks its thread for as long as the system resolver
/// takes, and on virtual threads it would block their carriers.
///
/// The latest request runs first. If many dead names occupy all threads, a new name waits for the
/// next free thread instead of for the whole queue, whose callers have given up by then.
/// Thread-safe.
final class DnsCache implements AutoCloseable {
  private static final int THREADS = 24;
  private static final int MAX_QUEUED = 10_000;
  private static final int MAX_NAMES = 10_000;
  private static final Duration IDLE_THREAD = Duration.ofSeconds(10);

  /// The result of a lookup.
  sealed interface Resolution {
    /// @param addresses at least one
    record Resolved(List<InetAddress> addresses) implements Resolution {
      public Resolved {
        addresses = List.copyOf(addresses);
      }
    }

    /// @param reason a sentence for users
    record Unresolved(String reason) implements Resolution {}
  }

  private static final class LifoQueue extends LinkedBlockingDeque<Runnable> {
    @Serial private static final long serialVersionUID = 1;

    LifoQueue(int capacity) {
      super(capacity);
    }

    @Override
    public boolean offer(Runnable task) {
      return offerFirst(task);
    }
  }

  private final HostResolver resolver;
  private final Map<String, CachedHost> hosts = new ConcurrentHashMap<>();
  private final ThreadPoolExecutor pool =
      new ThreadPoolExecutor(
          THREADS,
          THREADS,
          IDLE_THREAD.toMillis(),
          TimeUnit.MILLISECONDS,
          new LifoQueue(MAX_QUEUED),
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
    return hosts.computeIfAbsent(
        host.toLowerCase(Locale.ROOT), name -> new CachedHost(name, resolver, pool));
  }

  /// Stops the idle threads. A thread that hangs in the system resolver is a daemon and stops when
  /// the resolver returns.
  @Override
  public void close() {
    pool.shutdownNow();
  }
}
