package dev.runhook.application;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/// A part of a list.
///
/// @param next where the next part begins, for [PageRequest]; absent on the last one
public record Page<T>(List<T> items, Optional<String> next) {
  public Page {
    items = List.copyOf(items);
  }

  /// The page of what was fetched with one more than was asked for: the extra item only tells that
  /// there is more.
  public static <T> Page<T> of(List<T> fetched, PageRequest request, Function<T, String> cursor) {
    if (fetched.size() <= request.limit()) {
      return new Page<>(fetched, Optional.empty());
    }
    List<T> items = fetched.subList(0, request.limit());
    return new Page<>(items, Optional.of(cursor.apply(items.getLast())));
  }
}
