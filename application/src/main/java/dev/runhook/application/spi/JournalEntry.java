package dev.runhook.application.spi;

import dev.runhook.application.spi.delivery.NewDelivery;
import dev.runhook.domain.event.Event;
import dev.runhook.domain.event.EventId;
import dev.runhook.domain.event.Payload;
import dev.runhook.domain.run.Run;
import dev.runhook.domain.text.Explanation;
import dev.runhook.domain.webhook.WebhookId;
import java.util.Collection;
import java.util.List;

/// What a transaction records: [UnitOfWork#append] stores it.
///
/// @param runs runs with their changed progress and delta. The version of each of their deliveries,
///   except for redeliveries, becomes the last one that its webhook was notified of.
/// @param events new events; those of runs are transitions
/// @param skipped why webhooks get no delivery of an event
/// @param deliveries new open deliveries of these or earlier events
public record JournalEntry(
    Collection<Run> runs,
    List<RenderedEvent> events,
    List<SkippedDelivery> skipped,
    List<NewDelivery> deliveries) {
  public JournalEntry {
    runs = List.copyOf(runs);
    events = List.copyOf(events);
    skipped = List.copyOf(skipped);
    deliveries = List.copyOf(deliveries);
  }

  /// An event with its payload, which never changes.
  public record RenderedEvent(Event event, Payload payload) {}

  /// A webhook that gets no delivery of an event.
  public record SkippedDelivery(EventId event, WebhookId webhook, Explanation explanation) {}
}
