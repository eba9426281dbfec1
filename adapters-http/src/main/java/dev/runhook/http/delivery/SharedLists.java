package dev.runhook.http.delivery;

import dev.runhook.application.DeliveryFilter;
import dev.runhook.application.Page;
import dev.runhook.domain.delivery.Delivery;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.LongSupplier;

/// Lets event streams with the same filter share one query, because each of them polls its list. A
/// page is at most [#MAX_AGE_NANOS] old. Thread-safe.
final class SharedLists {
  /// Less than the interval in which a stream polls, so that a stream never gets the same page
  /// twice in a row.
  static final long MAX_AGE_NANOS = TimeUnit.MILLISECONDS.toNanos(900);

  private final Function<DeliveryFilter, Page<Delivery>> query;
  private final LongSupplier nanoTime;
  private final ConcurrentHashMap<DeliveryFilter, ReadPage> pages = new ConcurrentHashMap<>();

  /// @param nanoTime a monotonic clock in nanoseconds
  SharedLists(Function<DeliveryFilter, Page<Delivery>> query, LongSupplier nanoTime) {
    this.query = query;
    this.nanoTime = nanoTime;
  }

  private record ReadPage(Page<Delivery> page, long readAtNanos) {}

  /// Returns the page of the filter. Concurrent calls with one filter wait for the same query.
  Page<Delivery> read(DeliveryFilter filter) {
    long now = nanoTime.getAsLong();
    pages.values().removeIf(page -> isExpired(page, now));
    return pages
        .compute(
            filter,
            (_, existing) ->
                existing == null || isExpired(existing, nanoTime.getAsLong())
                    ? query(filter)
                    : existing)
        .page();
  }

  /// Returns the current page of the filter, for a new stream: its client may know newer deliveries
  /// than the last page has.
  Page<Delivery> readAgain(DeliveryFilter filter) {
    ReadPage page = query(filter);
    pages.put(filter, page);
    return page.page();
  }

  /// The age counts from the start of the query.
  private ReadPage query(DeliveryFilter filter) {
    long startedAt = nanoTime.getAsLong();
    return new ReadPage(query.apply(filter), startedAt);
  }

  private static boolean isExpired(ReadPage page, long now) {
    return now - page.readAtNanos() > MAX_AGE_NANOS;
  }
}
