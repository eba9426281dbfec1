package dev.runhook.outbound.egress;

import dev.runhook.outbound.http.Deadline;
import java.io.Serial;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingDeque;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/// Looks names up where it hurts nobody when DNS hangs: on a few platform threads, one look-up of a
/// name at a time, each waited for at most three seconds. A hanging look-up pins its thread for as
/// long as the system pleases, and on virtual threads would pin their carriers.
///
/// The latest asked for comes first: where a crowd of dead names holds all threads, each name waits
/// for the next thread that comes free and not for the whole crowd, whose askers have left by then.
public final class DnsCache implements AutoCloseable {
  private static final int THREADS = 24;
  private static final int WAITING = 10_000;
  private static final int MANY_NAMES = 10_000;
  private static final Duration IDLE_THREAD = Duration.ofSeconds(10);

  /// Where the addresses of a name come from. May block for long.
  public interface Resolver {
    List<InetAddress> resolve(String host) throws UnknownHostException;
  }

  /// What a look-up came to.
  sealed interface Resolution {
    /// @param addresses at least one
    record Resolved(List<InetAddress> addresses) implements Resolution {
      public Resolved {
        addresses = List.copyOf(addresses);
      }
    }

    /// @param why a sentence for people
    record Unresolved(String reason) implements Resolution {}
  }

  private static final class LatestFirst extends LinkedBlockingDeque<Runnable> {
    @Serial private static final long serialVersionUID = 1;

    LatestFirst(int most) {
      super(most);
    }

    @Override
    public boolean offer(Runnable task) {
      return offerFirst(task);
    }
  }

  private final Resolver resolver;
  private final Map<String, CachedHost> names = new ConcurrentHashMap<>();
  private final ThreadPoolExecutor pool =
      new ThreadPoolExecutor(
          THREADS,
          THREADS,
          IDLE_THREAD.toMillis(),
          TimeUnit.MILLISECONDS,
          new LatestFirst(WAITING),
          Thread.ofPlatform().daemon().name("runhook-dns-", 0).factory());

  public DnsCache(Resolver source) {
    this.resolver = source;
    pool.allowCoreThreadTimeOut(true);
  }

  Resolution resolve(String host, Deadline deadline) throws InterruptedException {
    CachedHost name = names.get(host);
    return (name == null ? known(host) : name).resolve(deadline);
  }

  private CachedHost known(String host) {
    if (names.size() >= MANY_NAMES) {
      names.values().removeIf(CachedHost::isEvictable);
    }
    return names.computeIfAbsent(
        host.toLowerCase(Locale.ROOT), plain -> new CachedHost(plain, resolver, pool));
  }

  /// Ends the threads that are idle; one that hangs in the system's resolver is a daemon and ends
  /// when that lets go of it.
  @Override
  public void close() {
    pool.shutdownNow();
  }
}
