package dev.runhook.application;

import java.util.Optional;

/// Which part of a list is asked for.
///
/// @param limit 1 to 200 items
/// @param after the `next` of the page before; absent for the first page
public record PageRequest(int limit, Optional<String> after) {
  public static final int MAX_LIMIT = 200;
  public static final int DEFAULT_LIMIT = 50;

  public PageRequest {
    if (limit < 1 || limit > MAX_LIMIT) {
      throw new IllegalArgumentException("a page has 1 to " + MAX_LIMIT + " items, not " + limit);
    }
  }

  public static PageRequest first() {
    return new PageRequest(DEFAULT_LIMIT, Optional.empty());
  }

  /// The part of the same size that begins there.
  public PageRequest withAfter(String next) {
    return new PageRequest(limit, Optional.of(next));
  }
}
