package dev.runhook.testkit;

import static java.util.Comparator.comparingLong;

import dev.runhook.application.spi.Events;
import dev.runhook.application.spi.RenderedEvent;
import dev.runhook.application.spi.SkippedDelivery;
import dev.runhook.application.spi.SkippedTransition;
import dev.runhook.domain.event.Event.RunMoved;
import dev.runhook.domain.event.EventId;
import dev.runhook.domain.run.RunId;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

final class InMemoryEvents implements Events {
  private final InMemoryUnitOfWork unit;

  InMemoryEvents(InMemoryUnitOfWork unit) {
    this.unit = unit;
  }

  @Override
  public void add(Collection<RenderedEvent> events) {
    for (RenderedEvent rendered : events) {
      if (unit.tables().events.putIfAbsent(rendered.event().id(), rendered) != null) {
        throw new IllegalStateException("the event " + rendered.event().id() + " is there already");
      }
    }
  }

  @Override
  public void addSkips(Collection<SkippedDelivery> skips) {
    unit.tables().skips.addAll(skips);
  }

  @Override
  public List<SkippedDelivery> skips(EventId event) {
    return unit.tables().skips.stream().filter(skip -> skip.event().equals(event)).toList();
  }

  @Override
  public List<SkippedTransition> skips(RunId run) {
    return unit.tables().skips.stream()
        .flatMap(skip ->
            Optional.ofNullable(unit.tables().events.get(skip.event())).stream()
                .map(RenderedEvent::event)
                .filter(event -> event instanceof RunMoved moved && moved.run().id().equals(run))
                .map(event ->
                    new SkippedTransition(
                        ((RunMoved) event).transition().version(), skip.webhook(), skip.why())))
        .sorted(comparingLong(SkippedTransition::version))
        .toList();
  }
}
