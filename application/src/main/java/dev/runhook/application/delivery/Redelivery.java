package dev.runhook.application.delivery;

import dev.runhook.application.outbox.DeliveryWriter;
import dev.runhook.application.query.DeliveryFilter;
import dev.runhook.application.query.DeliveryScope;
import dev.runhook.application.query.Page;
import dev.runhook.application.refusal.Refusal;
import dev.runhook.application.refusal.RefusedException;
import dev.runhook.application.refusal.Require;
import dev.runhook.application.spi.UnitOfWork;
import dev.runhook.application.spi.delivery.Deliveries.StoredDelivery;
import dev.runhook.application.spi.delivery.DeliveryContent;
import dev.runhook.domain.delivery.Delivery;
import dev.runhook.domain.delivery.DeliveryId;
import dev.runhook.domain.run.RunId;
import dev.runhook.domain.webhook.Webhook;
import java.util.Optional;
import java.util.Set;

/// Delivers the event of a finished delivery to the same webhook again, in its lane.
///
/// @param unit the caller's transaction
record Redelivery(UnitOfWork unit, StoredDelivery original) {
  /// Refuses the call if the delivery is still pending, like another one of the event, if the
  /// payload is erased, or if the webhook is disabled.
  ///
  /// @return the new delivery
  DeliveryId add(DeliveryWriter writer) {
    requireFinished(original.delivery());
    Webhook webhook = Require.enabled(original.webhook());
    DeliveryContent content =
        original
            .findContent()
            .orElseThrow(() -> new RefusedException(new Refusal.PayloadErased()))
            .withRedeliveryOf(original.delivery().id());
    content
        .transition()
        .map(ref -> new RunId(webhook.stack(), ref.run()))
        .ifPresent(run -> {
          unit.runs().findForUpdate(Set.of(run));
          requireNoneOpen(run);
        });
    writer.addDelivery(webhook, content);
    return writer.save().getFirst().id();
  }

  private static void requireFinished(Delivery delivery) {
    if (delivery.status() == Delivery.Status.PENDING) {
      throw new RefusedException(new Refusal.DeliveryPending(delivery.id().toString()));
    }
  }

  /// The run is locked, so no other transaction adds a delivery.
  private void requireNoneOpen(RunId run) {
    DeliveryFilter openInLane =
        DeliveryFilter.of(
                new DeliveryScope.OfWebhook(
                    run.stack(), original.webhook().id(), Optional.of(run.name())))
            .withStatus(Delivery.Status.PENDING);
    Page.<Delivery>all(page -> unit.deliveries().list(openInLane, page)).stream()
        .filter(open -> open.event().equals(original.delivery().event()))
        .forEach(Redelivery::requireFinished);
  }
}
