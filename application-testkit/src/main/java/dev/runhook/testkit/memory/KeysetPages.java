package dev.runhook.testkit.memory;

import dev.runhook.application.query.Page;
import dev.runhook.application.query.PageRequest;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;

/// Returns pages of sorted lists. A cursor is the key of the last item of the page; keys are unique
/// and never change.
final class KeysetPages {
  private KeysetPages() {}

  static <T, K extends Comparable<K>> Page<T> ascending(
      List<T> sorted, PageRequest request, Function<T, K> key, Function<String, K> parsed) {
    return page(sorted, request, key, parsed, Comparator.naturalOrder());
  }

  static <T, K extends Comparable<K>> Page<T> descending(
      List<T> sorted, PageRequest request, Function<T, K> key, Function<String, K> parsed) {
    return page(sorted, request, key, parsed, Comparator.reverseOrder());
  }

  private static <T, K> Page<T> page(
      List<T> sorted,
      PageRequest request,
      Function<T, K> key,
      Function<String, K> parsed,
      Comparator<K> order) {
    List<T> rest =
        request
            .after()
            .map(parsed)
            .map(after ->
                sorted.stream().filter(item -> order.compare(key.apply(item), after) > 0).toList())
            .orElse(sorted);
    List<T> fetched = new ArrayList<>(rest.subList(0, Math.min(rest.size(), request.limit() + 1)));
    return Page.of(fetched, request, item -> String.valueOf(key.apply(item)));
  }
}
