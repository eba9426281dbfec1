package dev.runhook.application.query;

import java.util.Optional;

/// A request for a page of a list.
///
/// @param limit 1 to 200 items
/// @param after the `next` cursor of the previous page; absent for the first page
public record PageRequest(int limit, Optional<String> after) {
  public static final int MAX_LIMIT = 200;
  public static final int DEFAULT_LIMIT = 50;

  public PageRequest {
    if (limit < 1 || limit > MAX_LIMIT) {
      throw new IllegalArgumentException(
          "a page must have 1 to " + MAX_LIMIT + " items, not " + limit);
    }
  }

  public static PageRequest first() {
    return new PageRequest(DEFAULT_LIMIT, Optional.empty());
  }

  /// Returns a request for the page after this cursor, with the same limit.
  public PageRequest withAfter(String cursor) {
    return new PageRequest(limit, Optional.of(cursor));
  }
}
