package dev.runhook.application.spi;

import dev.runhook.domain.delivery.Attempt;
import dev.runhook.domain.delivery.Delivery;
import dev.runhook.domain.event.StoredPayload;
import dev.runhook.domain.trace.TraceContext;
import dev.runhook.domain.webhook.Webhook;
import dev.runhook.domain.webhook.WebhookRevision;
import java.util.List;
import java.util.Optional;

/// A delivery with everything that is stored about it.
///
/// @param webhook the webhook as it is now
/// @param attempts the finished attempts, ordered by number
/// @param revisions the revisions of the webhook that the attempts refer to
/// @param blockedBy the head of the lane, if the delivery waits for it
/// @param trace the span that reported the event, if known
public record StoredDelivery(
    Delivery delivery,
    Webhook webhook,
    StoredPayload payload,
    List<Attempt> attempts,
    List<WebhookRevision> revisions,
    Optional<Delivery> blockedBy,
    Optional<TraceContext> trace) {
  public StoredDelivery {
    attempts = List.copyOf(attempts);
    revisions = List.copyOf(revisions);
  }
}
