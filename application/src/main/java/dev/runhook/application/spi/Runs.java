package dev.runhook.application.spi;

import dev.runhook.application.Page;
import dev.runhook.application.PageRequest;
import dev.runhook.domain.event.Event.RunStateChanged;
import dev.runhook.domain.run.Run;
import dev.runhook.domain.run.RunId;
import dev.runhook.domain.run.StackId;
import dev.runhook.domain.run.Transition;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The runs of all stacks, each with its transitions.
public interface Runs {
  /// Adds the run, whose stack must exist, and locks it; false, and nothing changed, where there is
  /// one with its id.
  boolean add(Run run);

  /// Those of the asked-for that exist, locked until the unit ends: nobody else moves them or
  /// delivers of them meanwhile.
  Map<RunId, Run> findForUpdate(Collection<RunId> ids);

  /// The run as it stands, unlocked.
  Optional<Run> find(RunId id);

  /// Keeps progress and delta of these runs, which are locked, and what webhooks are told of them
  /// by deliveries that were added in this unit before: each that repeats none by hand is the last
  /// that its webhook was told of its run, and [Deliveries#add] knows it from then on.
  void save(Collection<Run> runs, Collection<NewDelivery> told);

  /// Adds the transitions of runs that are locked.
  void addTransitions(Collection<RunStateChanged> moves);

  /// The transition of that version; absent where there was none, or it is forgotten.
  Optional<Transition> findTransition(RunId run, long version);

  /// All transitions of a run that are still remembered, by version.
  List<Transition> transitions(RunId run);

  /// When each of these transitions was recorded, by version; by the store's clock.
  Map<Long, Instant> recordedTimes(RunId run);

  /// The runs of a stack, the one that was started last first.
  Page<Run> list(StackId stack, PageRequest page);
}
