package dev.runhook.testkit;

import static java.util.Comparator.comparingLong;
import static java.util.stream.Collectors.toMap;

import dev.runhook.application.Page;
import dev.runhook.application.PageRequest;
import dev.runhook.application.spi.NewDelivery;
import dev.runhook.application.spi.Runs;
import dev.runhook.domain.event.Event.RunMoved;
import dev.runhook.domain.run.Run;
import dev.runhook.domain.run.RunId;
import dev.runhook.domain.run.StackId;
import dev.runhook.domain.run.Transition;
import dev.runhook.testkit.Tables.ToldKey;
import dev.runhook.testkit.Tables.TransitionKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

final class InMemoryRuns implements Runs {
  private final InMemoryUnitOfWork unit;

  InMemoryRuns(InMemoryUnitOfWork unit) {
    this.unit = unit;
  }

  @Override
  public boolean add(Run run) {
    unit.tables().checkStack(run.id().stack());
    boolean added = unit.tables().runs.putIfAbsent(run.id(), run) == null;
    if (added) {
      unit.lock(run.id());
    }
    return added;
  }

  @Override
  public Map<RunId, Run> findForUpdate(Collection<RunId> ids) {
    Map<RunId, Run> found = new HashMap<>();
    for (RunId id : ids) {
      find(id).ifPresent(run -> found.put(id, run));
      unit.lock(id);
    }
    return found;
  }

  @Override
  public Optional<Run> find(RunId id) {
    return Optional.ofNullable(unit.tables().runs.get(id));
  }

  @Override
  public void save(Collection<Run> runs, Collection<NewDelivery> told) {
    for (Run run : runs) {
      unit.checkLocked(run.id());
      unit.tables()
          .runs
          .computeIfPresent(
              run.id(),
              (id, old) ->
                  new Run(id, old.subject(), old.createdAt(), run.progress(), run.delta()));
    }
    for (NewDelivery delivery : told) {
      ToldKey.of(delivery)
          .ifPresent(key ->
              unit.tables()
                  .told
                  .merge(key, delivery.letter().move().orElseThrow().version(), Math::max));
    }
  }

  @Override
  public void addTransitions(Collection<RunMoved> moves) {
    for (RunMoved move : moves) {
      Transition transition = move.transition();
      unit.checkLocked(transition.run());
      TransitionKey key = new TransitionKey(transition.run(), transition.version());
      if (unit.tables().transitions.putIfAbsent(key, transition) != null) {
        throw new IllegalStateException(
            "version " + key.version() + " of the run " + key.run() + " is there already");
      }
      unit.tables().recorded.put(key, unit.now());
    }
  }

  @Override
  public Optional<Transition> findTransition(RunId run, long version) {
    return Optional.ofNullable(unit.tables().transitions.get(new TransitionKey(run, version)));
  }

  @Override
  public List<Transition> transitions(RunId run) {
    return unit.tables().transitions.values().stream()
        .filter(transition -> transition.run().equals(run))
        .sorted(comparingLong(Transition::version))
        .toList();
  }

  @Override
  public Map<Long, Instant> recorded(RunId run) {
    return unit.tables().recorded.entrySet().stream()
        .filter(entry -> entry.getKey().run().equals(run))
        .collect(toMap(entry -> entry.getKey().version(), Map.Entry::getValue));
  }

  @Override
  public Page<Run> list(StackId stack, PageRequest page) {
    List<Run> runs = new ArrayList<>(unit.tables().runs.values());
    runs.removeIf(run -> !run.id().stack().equals(stack));
    Map<RunId, Integer> places = new HashMap<>();
    runs.forEach(run -> places.put(run.id(), places.size()));
    return Pages.descending(
        runs.reversed(), page, run -> places.getOrDefault(run.id(), 0), Integer::valueOf);
  }
}
