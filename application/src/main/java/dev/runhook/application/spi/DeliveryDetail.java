package dev.runhook.application.spi;

import dev.runhook.domain.delivery.Attempt;
import dev.runhook.domain.delivery.Delivery;
import dev.runhook.domain.event.Body;
import dev.runhook.domain.trace.TraceContext;
import dev.runhook.domain.webhook.Revision;
import dev.runhook.domain.webhook.Webhook;
import java.util.List;
import java.util.Optional;

/// One delivery with all that is known of it.
///
/// @param webhook as it is now
/// @param attempts the ended ones, by number
/// @param revisions of the webhook, those that the attempts name
/// @param waitsFor the head of its lane, where that is another; absent where it waits for none
/// @param trace the span that its event was reported in, if that is known
public record DeliveryDetail(
    Delivery delivery,
    Webhook webhook,
    Body body,
    List<Attempt> attempts,
    List<Revision> revisions,
    Optional<Delivery> waitsFor,
    Optional<TraceContext> trace) {
  public DeliveryDetail {
    attempts = List.copyOf(attempts);
    revisions = List.copyOf(revisions);
  }
}
