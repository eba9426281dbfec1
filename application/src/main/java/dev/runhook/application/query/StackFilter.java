package dev.runhook.application.query;

import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/// Selects stacks. Absent criteria match everything.
///
/// @param search a part of the id, the name, the description, the repository or a label, ignoring
///   case; empty text counts as absent
/// @param labels the exact labels that the stack must have, all of them
public record StackFilter(Optional<String> search, Set<String> labels) {
  public StackFilter {
    search = search.filter(text -> !text.isEmpty()).map(text -> text.toLowerCase(Locale.ROOT));
    labels = Set.copyOf(labels);
  }

  /// Selects all stacks.
  public static StackFilter all() {
    return new StackFilter(Optional.empty(), Set.of());
  }

  public StackFilter withSearch(String search) {
    return new StackFilter(Optional.of(search), labels);
  }

  public StackFilter withLabels(String... labels) {
    return new StackFilter(search, Set.of(labels));
  }
}
