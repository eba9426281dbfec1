package dev.runhook.application.spi;

import dev.runhook.application.DeliveryFilter;
import dev.runhook.domain.event.EventId;
import dev.runhook.domain.webhook.WebhookId;
import java.util.Collection;
import java.util.List;
import java.util.Set;

/// What was delivered, or given up, and may be delivered once more.
public interface Redeliveries {
  /// The finished deliveries that the filter lets through, one for each event and of these the
  /// latest; in the order of the events, and so of the versions of each run. At most so many.
  List<RedeliveryCandidate> findLatestFinished(DeliveryFilter filter, int limit);

  /// What these would carry, in their order. One whose event is forgotten is left out.
  List<DeliveryContent> findContents(Collection<RedeliveryCandidate> redeliveries);

  /// Those of the events that are on their way to the webhook already.
  Set<EventId> findOpenEvents(WebhookId webhook, Collection<EventId> events);
}
