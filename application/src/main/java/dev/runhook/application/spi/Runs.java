package dev.runhook.application.spi;

import dev.runhook.application.query.Page;
import dev.runhook.application.query.PageRequest;
import dev.runhook.application.query.RunFilter;
import dev.runhook.domain.account.AccountId;
import dev.runhook.domain.account.StackScope;
import dev.runhook.domain.run.Run;
import dev.runhook.domain.run.RunId;
import dev.runhook.domain.run.Transition;
import java.time.Instant;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The runs of all stacks, with their transitions.
public interface Runs {
  /// Adds and locks the run. The stack must exist.
  ///
  /// @return false if a run with that id exists; in that case, nothing changes
  boolean add(Run run);

  /// Finds and locks the given runs, and omits unknown ids. Until the unit ends, no other unit can
  /// change these runs or add deliveries to their lanes.
  Map<RunId, Run> findForUpdate(Collection<RunId> ids);

  /// Does the same for the runs that no other unit has locked. Never waits, so that one locked run
  /// does not hold up the others.
  LockedRuns tryFindForUpdate(Collection<RunId> ids);

  /// Finds the run without locking it.
  Optional<Run> find(RunId id);

  /// Returns those of the transitions that exist and that retention has not dropped.
  Map<TransitionKey, Transition> findTransitions(Collection<TransitionKey> keys);

  /// Returns the transitions of the run that retention has not dropped, the latest first.
  Page<Transition> transitions(RunId run, PageRequest page);

  /// Returns the time at which each of these transitions was recorded, by version, on the clock of
  /// the store.
  Map<Long, Instant> recordedTimes(RunId run, Collection<Long> versions);

  /// Returns the account's runs on the stacks in the scope that match the filter, the most recently
  /// created first. If few runs match, a page may have fewer items than requested, even none, and
  /// still have a next page.
  Page<Run> list(AccountId account, StackScope stackScope, RunFilter filter, PageRequest page);

  /// The runs that a unit has found without waiting.
  ///
  /// @param locked the runs that it has locked
  /// @param busy those that another unit has locked
  record LockedRuns(Map<RunId, Run> locked, Set<RunId> busy) {
    public LockedRuns {
      locked = Map.copyOf(locked);
      busy = Set.copyOf(busy);
    }
  }

  /// Identifies a transition.
  record TransitionKey(RunId run, long version) {}
}
