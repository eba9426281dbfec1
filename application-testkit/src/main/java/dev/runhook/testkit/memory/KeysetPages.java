package dev.runhook.testkit.memory;

import dev.runhook.application.Page;
import dev.runhook.application.PageRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;

/// Returns pages of sorted lists. A cursor is the key of the last item of the page; keys are unique
/// and never change.
final class KeysetPages {
  private KeysetPages() {}

  static <T, K extends Comparable<K>> Page<T> ascending(
      List<T> sorted, PageRequest request, Function<T, K> key, Function<String, K> parsed) {
    return page(
        sorted,
        request,
        key,
        item -> key.apply(item).compareTo(parsed.apply(request.after().orElseThrow())) > 0);
  }

  static <T, K extends Comparable<K>> Page<T> descending(
      List<T> sorted, PageRequest request, Function<T, K> key, Function<String, K> parsed) {
    return page(
        sorted,
        request,
        key,
        item -> key.apply(item).compareTo(parsed.apply(request.after().orElseThrow())) < 0);
  }

  private static <T, K> Page<T> page(
      List<T> sorted, PageRequest request, Function<T, K> key, Predicate<T> isAfter) {
    List<T> rest = request.after().isEmpty() ? sorted : sorted.stream().filter(isAfter).toList();
    List<T> fetched = new ArrayList<>(rest.subList(0, Math.min(rest.size(), request.limit() + 1)));
    return Page.of(fetched, request, item -> String.valueOf(key.apply(item)));
  }
}
