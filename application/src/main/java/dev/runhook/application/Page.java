package dev.runhook.application;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/// A page of a list.
///
/// @param next the cursor of the next page, for [PageRequest]; absent on the last page
public record Page<T>(List<T> items, Optional<String> next) {
  public Page {
    items = List.copyOf(items);
  }

  /// Creates a page from a result with at most one more item than requested. The additional item
  /// only indicates that there is another page.
  public static <T> Page<T> of(List<T> fetched, PageRequest request, Function<T, String> cursor) {
    if (fetched.size() <= request.limit()) {
      return new Page<>(fetched, Optional.empty());
    }
    List<T> items = fetched.subList(0, request.limit());
    return new Page<>(items, Optional.of(cursor.apply(items.getLast())));
  }
}
