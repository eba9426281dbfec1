package dev.runhook.application.dispatch;

import dev.runhook.application.dispatch.Dispatcher.DeliveryTransport;
import dev.runhook.application.spi.delivery.LeasedDelivery;
import dev.runhook.domain.event.Format;
import dev.runhook.domain.event.Payload;

/// What an attempt sends: the event in the format that its webhook has when the attempt starts. It
/// is rendered outside of any transaction, because a user's template may take long.
record Rendering(Payload payload) {
  /// An exception must not prevent the delivery.
  static Rendering of(LeasedDelivery delivery, DeliveryTransport transport) {
    Payload own = delivery.content().payload();
    if (!needsRendering(delivery)) {
      return new Rendering(own);
    }
    try {
      return new Rendering(
          transport
              .renderer()
              .render(delivery.content(), delivery.webhook().settings().delivery()));
    } catch (RuntimeException e) {
      transport.observer().onError("rendering delivery " + delivery.lease().delivery(), e);
      return new Rendering(own);
    }
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
}
