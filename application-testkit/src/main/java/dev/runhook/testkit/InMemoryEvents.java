package dev.runhook.testkit;

import dev.runhook.application.spi.Events;
import dev.runhook.application.spi.RenderedEvent;
import dev.runhook.application.spi.SkippedDelivery;
import dev.runhook.domain.event.EventId;
import java.util.Collection;
import java.util.List;

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
}
