package dev.runhook.domain.filter;

import dev.runhook.domain.event.Event.RunStateChanged;
import dev.runhook.domain.run.Delta;
import dev.runhook.domain.run.ResourceChanges;
import dev.runhook.domain.text.Explanation;
import dev.runhook.domain.text.Explanation.Code;
import java.util.Optional;
import java.util.function.ToLongFunction;

/// How much a run must change. The numbers are those of the changes that were reported with the
/// transition, if the list is complete, and otherwise those of the run's delta. Patterns need a
/// list of changes.
///
/// @param delta true for only runs that change resources, false for only runs that change none,
///   absent for both. A run passes neither until its delta was reported.
/// @param deletedAtLeast how many resources the run deletes or replaces, from 1 to [#MAX_COUNT]
/// @param changedAtLeast how many resources the run updates in place, from 1 to [#MAX_COUNT]
/// @param resources at least one change must match one of the patterns, if there are any
public record ChangeFilter(
    Optional<Boolean> delta,
    Optional<Integer> deletedAtLeast,
    Optional<Integer> changedAtLeast,
    ResourceFilter resources) {
  public static final int MAX_COUNT = 1_000_000;

  private static final ChangeFilter ALL =
      new ChangeFilter(Optional.empty(), Optional.empty(), Optional.empty(), ResourceFilter.all());

  public static ChangeFilter all() {
    return ALL;
  }

  public ChangeFilter withDelta(Optional<Boolean> newDelta) {
    return new ChangeFilter(newDelta, deletedAtLeast, changedAtLeast, resources);
  }

  public ChangeFilter withDeletedAtLeast(Optional<Integer> count) {
    return new ChangeFilter(delta, count, changedAtLeast, resources);
  }

  public ChangeFilter withChangedAtLeast(Optional<Integer> count) {
    return new ChangeFilter(delta, deletedAtLeast, count, resources);
  }

  public ChangeFilter withResources(ResourceFilter patterns) {
    return new ChangeFilter(delta, deletedAtLeast, changedAtLeast, patterns);
  }

  /// Returns why a run with these changes is not wanted; empty if it is.
  Optional<Explanation> explainSkip(RunStateChanged event) {
    return explainDelta(event.run().delta())
        .or(() -> explainCount(event, deletedAtLeast, Delta::deleted, Code.SKIPPED_DELETED_COUNT))
        .or(() -> explainCount(event, changedAtLeast, Delta::changed, Code.SKIPPED_CHANGED_COUNT))
        .or(() -> explainResources(event));
  }

  private Optional<Explanation> explainDelta(Optional<Delta> reported) {
    if (delta.isEmpty() || delta.equals(reported.map(Delta::changesResources))) {
      return Optional.empty();
    }
    if (reported.isEmpty()) {
      return Optional.of(Code.SKIPPED_DELTA_UNKNOWN.with(delta.get()));
    }
    Delta numbers = reported.get();
    return Optional.of(
        delta.get()
            ? Code.SKIPPED_NO_CHANGES.with()
            : Code.SKIPPED_CHANGES.with(numbers.added(), numbers.changed(), numbers.deleted()));
  }

  private static Optional<Explanation> explainCount(
      RunStateChanged event, Optional<Integer> atLeast, ToLongFunction<Delta> count, Code code) {
    if (atLeast.isEmpty()) {
      return Optional.empty();
    }
    Optional<Delta> numbers = numbers(event);
    if (numbers.isEmpty()) {
      return Optional.of(Code.SKIPPED_COUNTS_UNKNOWN.with(atLeast.get()));
    }
    long found = count.applyAsLong(numbers.get());
    return found >= atLeast.get() ? Optional.empty() : Optional.of(code.with(found, atLeast.get()));
  }

  /// A truncated list counts only if there is nothing better.
  private static Optional<Delta> numbers(RunStateChanged event) {
    Optional<ResourceChanges> changes = event.transition().changes();
    return changes
        .filter(list -> !list.truncated())
        .map(ResourceChanges::toDelta)
        .or(event.run()::delta)
        .or(() -> changes.map(ResourceChanges::toDelta));
  }

  private Optional<Explanation> explainResources(RunStateChanged event) {
    if (resources.isAll()) {
      return Optional.empty();
    }
    String wanted = String.join(", ", resources.patterns());
    Optional<ResourceChanges> changes = event.transition().changes();
    if (changes.isEmpty()) {
      return Optional.of(Code.SKIPPED_RESOURCES_UNKNOWN.with(wanted));
    }
    return changes.get().items().stream().anyMatch(resources::matches)
        ? Optional.empty()
        : Optional.of(Code.SKIPPED_RESOURCES.with(wanted, changes.get().items().size()));
  }
}
