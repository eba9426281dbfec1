package dev.runhook.http.delivery;

import dev.runhook.application.query.DeliveryFilter;
import dev.runhook.application.query.Page;
import dev.runhook.domain.delivery.Delivery;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.LongSupplier;

/// Lets event streams with the same filter share one query, because each of them polls its list. A
/// page is at most [#MAX_AGE_NANOS] old. Thread-safe.
final class SharedLists {
  /// Less than the interval at which a stream polls, so that a stream never gets the same page
  /// twice in a row.
  static final long MAX_AGE_NANOS = TimeUnit.MILLISECONDS.toNanos(900);

  private final Function<DeliveryFilter, Page<Delivery>> query;
  private final LongSupplier nanoTime;
  private final Map<DeliveryFilter, SharedList> lists = new ConcurrentHashMap<>();

  /// @param nanoTime a monotonic clock in nanoseconds
  SharedLists(Function<DeliveryFilter, Page<Delivery>> query, LongSupplier nanoTime) {
    this.query = query;
    this.nanoTime = nanoTime;
  }

  /// Returns the page of the filter. Concurrent calls with one filter wait for the same query.
  Page<Delivery> read(DeliveryFilter filter) {
    long now = nanoTime.getAsLong();
    lists.values().removeIf(list -> list.isExpired(now));
    return lists.computeIfAbsent(filter, SharedList::new).read();
  }

  /// Returns the current page of the filter, for a new stream: its client may know newer deliveries
  /// than the last page has.
  Page<Delivery> readAgain(DeliveryFilter filter) {
    return lists.computeIfAbsent(filter, SharedList::new).readAgain();
  }

  /// A list with its last page. A query locks only its own list, and not the map.
  private final class SharedList {
    private final DeliveryFilter filter;
    private final ReentrantLock lock = new ReentrantLock(); // a monitor would pin virtual threads
    private volatile Optional<ReadPage> last = Optional.empty();

    SharedList(DeliveryFilter filter) {
      this.filter = filter;
    }

    boolean isExpired(long now) {
      return last.filter(page -> now - page.readAtNanos() > MAX_AGE_NANOS).isPresent();
    }

    Page<Delivery> read() {
      lock.lock();
      try {
        return last.filter(ignored -> !isExpired(nanoTime.getAsLong()))
            .map(ReadPage::page)
            .orElseGet(this::readAgain);
      } finally {
        lock.unlock();
      }
    }

    Page<Delivery> readAgain() {
      lock.lock();
      try {
        long startedAt = nanoTime.getAsLong(); // the age counts from the start of the query
        Page<Delivery> page = query.apply(filter);
        last = Optional.of(new ReadPage(page, startedAt));
        return page;
      } finally {
        lock.unlock();
      }
    }
  }

  private record ReadPage(Page<Delivery> page, long readAtNanos) {}
}
