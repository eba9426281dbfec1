package dev.runhook.application.spi;

import dev.runhook.domain.delivery.Attempt;
import dev.runhook.domain.delivery.Delivery;
import dev.runhook.domain.event.StoredPayload;
import dev.runhook.domain.trace.TraceContext;
import dev.runhook.domain.webhook.Webhook;
import dev.runhook.domain.webhook.WebhookRevision;
import java.util.List;
import java.util.Optional;

/// One delivery with all that is known of it.
///
/// @param webhook as it is now
/// @param attempts the ended ones, by number
/// @param revisions of the webhook, those that the attempts name
/// @param waitsFor the head of its lane, where that is another; absent where it waits for none
/// @param trace the span that its event was reported in, if that is known
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
