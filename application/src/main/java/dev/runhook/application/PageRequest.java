package dev.runhook.application;

import java.util.Optional;

/// Which part of a list is asked for.
///
/// @param limit 1 to 200 items
/// @param after the `next` of the page before; absent for the first page
public record PageRequest(int limit, Optional<String> after) {
  public static final int LARGEST = 200;
  public static final int USUAL = 50;

  public PageRequest {
    if (limit < 1 || limit > LARGEST) {
      throw new IllegalArgumentException("a page has 1 to " + LARGEST + " items, not " + limit);
    }
  }

  public static PageRequest first() {
    return new PageRequest(USUAL, Optional.empty());
  }

  /// The part of the same size that begins there.
  public PageRequest from(String next) {
    return new PageRequest(limit, Optional.of(next));
  }
}
