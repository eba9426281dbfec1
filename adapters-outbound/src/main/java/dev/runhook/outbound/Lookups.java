package dev.runhook.outbound;

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
final class Lookups implements AutoCloseable {
  private static final int THREADS = 24;
  private static final int WAITING = 10_000;
  private static final int MANY_NAMES = 10_000;
  private static final Duration IDLE_THREAD = Duration.ofSeconds(10);

  /// Where the addresses of a name come from. May block for long.
  interface Source {
    List<InetAddress> addresses(String host) throws UnknownHostException;
  }

  /// What a look-up came to.
  sealed interface Found {
    /// @param addresses at least one
    record Addresses(List<InetAddress> addresses) implements Found {
      public Addresses {
        addresses = List.copyOf(addresses);
      }
    }

    /// @param why a sentence for people
    record Nothing(String why) implements Found {}
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

  private final Source source;
  private final Map<String, LookedUpName> names = new ConcurrentHashMap<>();
  private final ThreadPoolExecutor pool =
      new ThreadPoolExecutor(
          THREADS,
          THREADS,
          IDLE_THREAD.toMillis(),
          TimeUnit.MILLISECONDS,
          new LatestFirst(WAITING),
          Thread.ofPlatform().daemon().name("runhook-dns-", 0).factory());

  Lookups(Source source) {
    this.source = source;
    pool.allowCoreThreadTimeOut(true);
  }

  Found find(String host, Deadline deadline) throws InterruptedException {
    LookedUpName name = names.get(host);
    return (name == null ? known(host) : name).find(deadline);
  }

  private LookedUpName known(String host) {
    if (names.size() >= MANY_NAMES) {
      names.values().removeIf(LookedUpName::isForgettable);
    }
    return names.computeIfAbsent(
        host.toLowerCase(Locale.ROOT), plain -> new LookedUpName(plain, source, pool));
  }

  /// Ends the threads that are idle; one that hangs in the system's resolver is a daemon and ends
  /// when that lets go of it.
  @Override
  public void close() {
    pool.shutdownNow();
  }
}
