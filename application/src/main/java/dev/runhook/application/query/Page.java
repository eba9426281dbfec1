package dev.runhook.application.query;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.IntStream;

/// A page of a list.
///
/// @param cursors the cursor of each item, after which a page can begin
/// @param next the cursor of the next page, for [PageRequest]; absent on the last page
/// @param unavailableBuckets the numbers of the buckets whose items are missing, because their
///   databases are unavailable
public record Page<T>(
    List<T> items, List<String> cursors, Optional<String> next, List<Integer> unavailableBuckets) {
  public Page {
    items = List.copyOf(items);
    cursors = List.copyOf(cursors);
    unavailableBuckets = List.copyOf(unavailableBuckets);
    if (items.size() != cursors.size()) {
      throw new IllegalArgumentException(
          cursors.size() + " cursors for " + items.size() + " items");
    }
  }

  /// Creates a page from which nothing is missing.
  public Page(List<T> items, List<String> cursors, Optional<String> next) {
    this(items, cursors, next, List.of());
  }

  /// Returns the only page of an empty list.
  public static <T> Page<T> empty() {
    return new Page<>(List.of(), List.of(), Optional.empty());
  }

  /// Returns the items of all pages.
  ///
  /// @param fetch returns a page
  public static <T> List<T> all(Function<PageRequest, Page<T>> fetch) {
    List<T> items = new ArrayList<>();
    Optional<PageRequest> next =
        Optional.of(new PageRequest(PageRequest.MAX_LIMIT, Optional.empty()));
    while (next.isPresent()) {
      Page<T> page = fetch.apply(next.get());
      items.addAll(page.items());
      next = page.next().map(next.get()::withAfter);
    }
    return items;
  }

  /// Creates a page from a result with at most one more item than requested. The additional item
  /// only indicates that there is another page.
  public static <T> Page<T> of(List<T> fetched, PageRequest request, Function<T, String> cursor) {
    List<T> items = fetched.subList(0, Math.min(fetched.size(), request.limit()));
    List<String> cursors = items.stream().map(cursor).toList();
    return new Page<>(
        items,
        cursors,
        fetched.size() > items.size() ? Optional.of(cursors.getLast()) : Optional.empty());
  }

  /// Merges pages of several lists, whose cursors sort as texts, into the same page of one list. A
  /// page with fewer items than requested may have a next page.
  ///
  /// @param order the order of all lists, by the text of their cursors
  public static <T> Page<T> merge(
      List<Page<T>> pages, PageRequest request, Comparator<String> order) {
    if (pages.size() == 1) {
      return pages.getFirst();
    }
    record Entry<T>(T item, String cursor) {}
    Optional<String> end = pages.stream().flatMap(page -> page.next().stream()).min(order);
    List<Entry<T>> entries = new ArrayList<>();
    for (Page<T> page : pages) {
      IntStream.range(0, page.items().size())
          .mapToObj(i -> new Entry<>(page.items().get(i), page.cursors().get(i)))
          .filter(entry -> end.filter(last -> order.compare(entry.cursor(), last) > 0).isEmpty())
          .forEach(entries::add);
    }
    entries.sort(Comparator.comparing(Entry::cursor, order));
    Page<Entry<T>> merged = of(entries, request, Entry::cursor);
    return new Page<>(
        merged.items().stream().map(Entry::item).toList(),
        merged.cursors(),
        merged.next().or(() -> end));
  }

  /// Returns a page with the results of the function for the items.
  public <R> Page<R> map(Function<T, R> function) {
    return new Page<>(items.stream().map(function).toList(), cursors, next, unavailableBuckets);
  }

  /// Returns the same page, from which the items of these buckets are missing.
  public Page<T> withUnavailableBuckets(List<Integer> unavailable) {
    return new Page<>(items, cursors, next, unavailable);
  }
}
