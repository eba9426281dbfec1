package dev.runhook.testkit.memory;

import static java.util.Comparator.comparing;
import static java.util.Comparator.comparingLong;
import static java.util.Comparator.reverseOrder;
import static java.util.Objects.requireNonNull;
import static java.util.stream.Collectors.toMap;

import dev.runhook.application.query.Page;
import dev.runhook.application.query.PageRequest;
import dev.runhook.application.query.RunFilter;
import dev.runhook.application.spi.Runs;
import dev.runhook.application.spi.delivery.NewDelivery;
import dev.runhook.domain.account.AccountId;
import dev.runhook.domain.account.StackScope;
import dev.runhook.domain.run.Run;
import dev.runhook.domain.run.RunId;
import dev.runhook.domain.run.Transition;
import dev.runhook.testkit.memory.InMemoryDatabase.RunWebhookKey;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
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
    unit.database().requireStack(run.id().stack());
    boolean added = unit.database().runs.putIfAbsent(run.id(), run) == null;
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
  public LockedRuns tryFindForUpdate(Collection<RunId> ids) {
    return new LockedRuns(findForUpdate(ids), Set.of()); // units of work run one at a time
  }

  @Override
  public Optional<Run> find(RunId id) {
    return Optional.ofNullable(unit.database().runs.get(id));
  }

  @Override
  public void save(Collection<Run> runs, Collection<NewDelivery> deliveries) {
    for (Run run : runs) {
      unit.requireLocked(run.id());
      unit.database()
          .runs
          .computeIfPresent(
              run.id(),
              (id, old) -> {
                if (run.progress().version() < old.progress().version()) {
                  throw new IllegalStateException("the run would return to an earlier version");
                }
                return new Run(id, old.details(), old.createdAt(), run.progress(), run.delta());
              });
    }
    for (NewDelivery delivery : deliveries) {
      RunWebhookKey.of(delivery)
          .ifPresent(key ->
              unit.database()
                  .lastNotifiedVersions
                  .merge(key, delivery.content().transition().orElseThrow().version(), Math::max));
    }
  }

  @Override
  public Map<TransitionKey, Transition> findTransitions(Collection<TransitionKey> keys) {
    Map<TransitionKey, Transition> found = new HashMap<>(unit.database().transitions);
    found.keySet().retainAll(keys);
    return found;
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
    return unit.database().recordedTimes.entrySet().stream()
        .filter(entry -> entry.getKey().run().equals(run))
        .filter(entry -> versions.contains(entry.getKey().version()))
        .collect(toMap(entry -> entry.getKey().version(), Map.Entry::getValue));
  }

  @Override
  public Page<Run> list(
      AccountId account, StackScope stackScope, RunFilter filter, PageRequest page) {
    Map<RunId, Position> positions = new HashMap<>();
    unit.database()
        .runs
        .forEach((id, run) -> positions.put(id, new Position(run.createdAt(), positions.size())));
    List<Run> newestFirst =
        unit.database().runs.values().stream()
            .filter(run -> run.id().stack().account().equals(account))
            .filter(run -> stackScope.includes(run.id().stack().slug()))
            .filter(run -> Filters.matches(filter, run))
            .sorted(comparing(run -> requireNonNull(positions.get(run.id())), reverseOrder()))
            .toList();
    return KeysetPages.descending(
        newestFirst, page, run -> requireNonNull(positions.get(run.id())), Position::parse);
  }

  /// The position of a run in lists.
  ///
  /// @param number counts the runs in the order in which they were added
  private record Position(Instant createdAt, int number) implements Comparable<Position> {
    private static final DateTimeFormatter CURSOR_TIME =
        new DateTimeFormatterBuilder().appendInstant(9).toFormatter(Locale.ROOT);

    static Position parse(String cursor) {
      int slash = cursor.indexOf('/');
      return new Position(
          Instant.parse(cursor.substring(0, Math.max(0, slash))),
          Integer.parseInt(cursor.substring(slash + 1)));
    }

    @Override
    public int compareTo(Position other) {
      return comparing(Position::createdAt).thenComparingInt(Position::number).compare(this, other);
    }

    @Override
    public String toString() {
      return CURSOR_TIME.format(createdAt) + "/%09d".formatted(number);
    }
  }
}
