package dev.runhook.persistence;

import dev.runhook.application.Page;
import dev.runhook.application.PageRequest;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/// Things read with the key that orders them in a list.
final class Rows {
  private Rows() {}

  record Keyed<T>(UUID key, T thing) {}

  /// One page of what was fetched with one more than was asked for.
  static <T> Page<T> page(List<Keyed<T>> fetched, PageRequest request) {
    Page<Keyed<T>> page = Page.of(fetched, request, keyed -> keyed.key().toString());
    return new Page<>(page.items().stream().map(Keyed::thing).toList(), page.next());
  }

  /// The key that a page begins after; an [IllegalArgumentException] where the cursor is none that
  /// we gave out.
  static Optional<UUID> after(PageRequest request) {
    return request.after().map(Rows::key);
  }

  private static UUID key(String cursor) {
    try {
      UUID key = UUID.fromString(cursor);
      if (key.toString().equals(cursor)) {
        return key;
      }
    } catch (IllegalArgumentException _) {
      // Told below, in words of ours.
    }
    throw new IllegalArgumentException(
        "\"" + cursor + "\" is no place in this list; give the \"next\" of the page before");
  }
}
