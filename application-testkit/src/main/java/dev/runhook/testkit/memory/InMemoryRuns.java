package dev.runhook.testkit.memory;

import static java.util.Comparator.comparing;
import static java.util.Comparator.comparingLong;
import static java.util.stream.Collectors.toMap;

import dev.runhook.application.query.Page;
import dev.runhook.application.query.PageRequest;
import dev.runhook.application.query.RunFilter;
import dev.runhook.application.spi.Runs;
import dev.runhook.application.spi.Runs.LockedRuns;
import dev.runhook.application.spi.Runs.TransitionKey;
import dev.runhook.domain.account.AccountId;
import dev.runhook.domain.account.StackScope;
import dev.runhook.domain.run.Run;
import dev.runhook.domain.run.RunId;
import dev.runhook.domain.run.Transition;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

final class InMemoryRuns implements Runs {
  private final InMemoryUnitOfWork unit;

  InMemoryRuns(InMemoryUnitOfWork unit) {
    this.unit = unit;
  }

  @Override
  public boolean add(Run run) {
    unit.lockRow(run.id().stack());
    unit.lock(run.id());
    unit.database().requireStack(run.id().stack());
    return unit.database().runs.add(run.id(), run);
  }

  @Override
  public Map<RunId, Run> findForUpdate(Collection<RunId> ids) {
    Map<RunId, Run> found = new HashMap<>();
    for (RunId id : sorted(ids)) {
      unit.lockWithLanes(id, true);
      find(id).ifPresent(run -> found.put(id, run));
    }
    return found;
  }

  @Override
  public LockedRuns tryFindForUpdate(Collection<RunId> ids) {
    Map<RunId, Run> found = new HashMap<>();
    Set<RunId> busy = new HashSet<>();
    for (RunId id : sorted(ids)) {
      if (unit.lockWithLanes(id, false)) {
        find(id).ifPresent(run -> found.put(id, run));
      } else {
        busy.add(id);
      }
    }
    return new LockedRuns(found, busy);
  }

  private static List<RunId> sorted(Collection<RunId> ids) {
    return ids.stream().sorted(comparing(RunId::toString)).toList();
  }

  @Override
  public Optional<Run> find(RunId id) {
    return unit.database().runs.find(id);
  }

  @Override
  public Map<TransitionKey, Transition> findTransitions(Collection<TransitionKey> keys) {
    return keys.stream()
        .distinct()
        .filter(unit.database().transitions::contains)
        .collect(toMap(key -> key, key -> unit.database().transitions.find(key).orElseThrow()));
  }

  @Override
  public Page<Transition> transitions(RunId run, PageRequest page) {
    List<Transition> latestFirst =
        unit.database().transitions.values().stream()
            .filter(transition -> transition.run().equals(run))
            .sorted(comparingLong(Transition::version).reversed())
            .toList();
    return KeysetPages.descending(latestFirst, page, Transition::version, Long::valueOf);
  }

  @Override
  public Map<Long, Instant> recordedTimes(RunId run, Collection<Long> versions) {
    return unit.database().recordedTimes.toMap().entrySet().stream()
        .filter(entry -> entry.getKey().run().equals(run))
        .filter(entry -> versions.contains(entry.getKey().version()))
        .collect(toMap(entry -> entry.getKey().version(), Map.Entry::getValue));
  }

  @Override
  public Page<Run> list(
      AccountId account, StackScope stackScope, RunFilter filter, PageRequest page) {
    throw MissingStores.missing("list of runs");
  }
}
