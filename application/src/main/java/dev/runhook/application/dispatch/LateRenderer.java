package dev.runhook.application.dispatch;

import dev.runhook.application.spi.UnitOfWork;
import dev.runhook.application.spi.delivery.DispatchObserver;
import dev.runhook.application.spi.delivery.LeasedDelivery;
import dev.runhook.application.spi.delivery.PayloadRenderer;
import dev.runhook.domain.delivery.DeliveryId;
import dev.runhook.domain.event.Format;
import dev.runhook.domain.event.Payload;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Renders what leased deliveries send, if the format or template of their webhook has changed
/// since the event was recorded. A receiver that could not read the old format then gets the
/// pending deliveries in the new one. Thread-safe.
record LateRenderer(PayloadRenderer renderer, DispatchObserver observer) {
  /// Returns the deliveries in the same order, and stores the new renderings.
  List<LeasedDelivery> render(UnitOfWork unit, List<LeasedDelivery> leased) {
    Map<DeliveryId, LeasedDelivery> rendered = new HashMap<>();
    for (LeasedDelivery delivery : leased) {
      if (needsRendering(delivery)) {
        Payload payload = render(delivery);
        if (payload.format() != Format.RUNHOOK) {
          rendered.put(delivery.lease().delivery(), delivery.withPayload(payload));
        }
      }
    }
    if (rendered.isEmpty()) {
      return leased; // the usual case
    }
    unit.deliveries().replacePayloads(rendered.values());
    return leased.stream()
        .map(delivery -> rendered.getOrDefault(delivery.lease().delivery(), delivery))
        .toList();
  }

  /// An event that the format has no message for keeps Runhook's payload. For example, PagerDuty
  /// would open an alert for a run that waits.
  private static boolean needsRendering(LeasedDelivery delivery) {
    Format format = delivery.webhook().settings().delivery().format();
    return format != Format.RUNHOOK
        && delivery.content().payload().format() == Format.RUNHOOK
        && format.sends(delivery.content().kind())
        && delivery.content().transition().map(ref -> format.sends(ref.state())).orElse(true);
  }

  /// An exception must not prevent the other deliveries from being sent.
  private Payload render(LeasedDelivery delivery) {
    try {
      return renderer.render(delivery.content(), delivery.webhook().settings().delivery());
    } catch (RuntimeException e) {
      observer.onError("rendering delivery " + delivery.lease().delivery(), e);
      return delivery.content().payload();
    }
  }
}
