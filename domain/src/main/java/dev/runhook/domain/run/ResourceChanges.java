package dev.runhook.domain.run;

import dev.runhook.domain.run.ResourceChange.Action;
import java.util.List;

/// The resources that a run changes, as they were reported with a transition: at most [#MAX], with
/// at most [#MAX_CHARACTERS] characters in all.
///
/// @param items in the order of the report; resources that stay as they are are not among them
/// @param truncated whether the reporter has left some out
public record ResourceChanges(List<ResourceChange> items, boolean truncated) {
  public static final int MAX = 1_000;

  /// Patterns of webhooks are compared with all of them.
  public static final int MAX_CHARACTERS = 131_072;

  /// The names and quotation marks around an item in JSON.
  private static final int JSON_OVERHEAD = 50;

  public ResourceChanges {
    items = List.copyOf(items);
    if (items.size() > MAX) {
      throw new IllegalArgumentException(
          "a report has at most %,d changes, not %,d; leave some out, and say so with changesTruncated"
              .formatted(MAX, items.size()));
    }
    if (items.stream().mapToInt(ResourceChange::characters).sum() > MAX_CHARACTERS) {
      throw new IllegalArgumentException(
          "the addresses and types of changes have at most %,d characters in all; leave some changes"
                  .formatted(MAX_CHARACTERS)
              + " out, and say so with changesTruncated");
    }
  }

  /// Returns the numbers of these changes. A replaced resource is added and deleted, as in the
  /// summary of a plan.
  public Delta toDelta() {
    long replaced = count(Action.REPLACE);
    return new Delta(
        count(Action.CREATE) + replaced, count(Action.UPDATE), count(Action.DELETE) + replaced, 0);
  }

  /// Returns approximately how many bytes they have in JSON.
  public long length() {
    return items.stream().mapToLong(item -> item.characters() + JSON_OVERHEAD).sum();
  }

  private long count(Action action) {
    return items.stream().filter(item -> item.action() == action).count();
  }
}
