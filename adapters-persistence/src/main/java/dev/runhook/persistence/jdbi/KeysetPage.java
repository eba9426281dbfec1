package dev.runhook.persistence.jdbi;

import dev.runhook.application.Page;
import dev.runhook.application.PageRequest;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/// Things read with the key that orders them in a list.
public final class KeysetPage {
  private KeysetPage() {}

  public record Keyed<T>(UUID key, T value) {}

  /// One page of what was fetched with one more than was asked for.
  public static <T> Page<T> of(List<Keyed<T>> fetched, PageRequest request) {
    Page<Keyed<T>> page = Page.of(fetched, request, keyed -> keyed.key().toString());
    return new Page<>(page.items().stream().map(Keyed::value).toList(), page.next());
  }

  /// The key that a page begins after; an [IllegalArgumentException] where the cursor is none that
  /// we gave out.
  public static Optional<UUID> after(PageRequest request) {
    return request.after().map(KeysetPage::key);
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
