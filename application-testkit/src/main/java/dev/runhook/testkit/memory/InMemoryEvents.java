package dev.runhook.testkit.memory;

import static java.util.Comparator.comparingLong;

import dev.runhook.application.spi.Events;
import dev.runhook.application.spi.Events.ErasureProgress;
import dev.runhook.application.spi.Events.SkippedTransition;
import dev.runhook.application.spi.JournalEntry.RenderedEvent;
import dev.runhook.domain.account.AccountId;
import dev.runhook.domain.account.StackScope;
import dev.runhook.domain.event.Event;
import dev.runhook.domain.event.Event.RunStateChanged;
import dev.runhook.domain.event.EventId;
import dev.runhook.domain.run.RunId;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

final class InMemoryEvents implements Events {
  private final InMemoryUnitOfWork unit;

  InMemoryEvents(InMemoryUnitOfWork unit) {
    this.unit = unit;
  }

  @Override
  public Set<EventId> findWithPayload(Collection<EventId> events) {
    return events.stream()
        .filter(unit.database().events::contains)
        .filter(id -> !unit.database().erasedPayloads.contains(id))
        .collect(Collectors.toSet());
  }

  @Override
  public ErasureProgress erasePayloads(RunId run) {
    unit.requireLocked(run);
    return erase(
        unit.database().events.values().stream()
            .map(RenderedEvent::event)
            .filter(
                event -> event instanceof RunStateChanged change && change.run().id().equals(run))
            .map(Event::id)
            .toList(),
        Optional.empty());
  }

  @Override
  public ErasureProgress erasePayloads(
      AccountId account,
      StackScope stackScope,
      Optional<EventId> after,
      int limit,
      boolean dryRun) {
    List<EventId> found =
        unit.database().events.values().stream()
            .map(RenderedEvent::event)
            .filter(event -> event.stack().id().account().equals(account))
            .filter(event -> stackScope.includes(event.stack().id().slug()))
            .map(Event::id)
            .filter(id -> !unit.database().erasedPayloads.contains(id))
            .filter(id -> after.map(last -> id.value().compareTo(last.value()) > 0).orElse(true))
            .sorted(Comparator.comparing(EventId::value))
            .limit(limit)
            .toList();
    Optional<EventId> last = found.size() < limit ? Optional.empty() : Optional.of(found.getLast());
    int retained = retained(found).size();
    return dryRun
        ? new ErasureProgress(found.size() - retained, retained, last)
        : erase(found, last);
  }

  private List<EventId> retained(List<EventId> events) {
    return unit.database()
        .openDeliveries()
        .map(row -> row.content().event())
        .filter(events::contains)
        .distinct()
        .toList();
  }

  private ErasureProgress erase(List<EventId> events, Optional<EventId> last) {
    List<EventId> retained = retained(events);
    long erased = 0;
    for (EventId event : events) {
      if (unit.database().events.contains(event)
          && !retained.contains(event)
          && unit.database().erasedPayloads.add(event, true)) {
        erased++;
      }
    }
    return new ErasureProgress(erased, retained.size(), last);
  }

  @Override
  public List<SkippedTransition> findSkipped(RunId run, Collection<Long> versions) {
    return unit.database().skippedDeliveries.values().stream()
        .flatMap(skip ->
            unit.database().events.find(skip.event()).stream()
                .map(RenderedEvent::event)
                .filter(event ->
                    event instanceof RunStateChanged change && change.run().id().equals(run))
                .map(event ->
                    new SkippedTransition(
                        ((RunStateChanged) event).transition().version(),
                        skip.webhook(),
                        skip.explanation())))
        .filter(skip -> versions.contains(skip.version()))
        .sorted(comparingLong(SkippedTransition::version))
        .toList();
  }
}
