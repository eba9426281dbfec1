package dev.runhook.persistence.jdbi;

import dev.runhook.application.Page;
import dev.runhook.application.PageRequest;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/// Keyset pagination by row id, for values that do not contain their row id.
public final class KeysetPage {
  private KeysetPage() {}

  /// A value with the row id that orders it in the list.
  public record Keyed<T>(UUID id, T value) {}

  /// @param fetched up to one value more than the page holds
  public static <T> Page<T> of(List<Keyed<T>> fetched, PageRequest request) {
    Page<Keyed<T>> page = Page.of(fetched, request, keyed -> keyed.id().toString());
    return new Page<>(page.items().stream().map(Keyed::value).toList(), page.next());
  }

  /// The row id after which the page begins.
  ///
  /// @throws IllegalArgumentException if the cursor is not a row id
  public static Optional<UUID> after(PageRequest request) {
    return request.after().map(KeysetPage::parse);
  }

  private static UUID parse(String cursor) {
    try {
      UUID id = UUID.fromString(cursor);
      if (id.toString().equals(cursor)) {
        return id;
      }
    } catch (IllegalArgumentException _) {
      // reported below
    }
    throw new IllegalArgumentException(
        "\"%s\" is not a cursor of this list; pass the \"next\" value of the previous page"
            .formatted(cursor));
  }
}
