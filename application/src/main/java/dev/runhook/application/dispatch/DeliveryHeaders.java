package dev.runhook.application.dispatch;

import dev.runhook.application.spi.DeliveryContent;
import dev.runhook.application.spi.LeasedDelivery;
import dev.runhook.application.spi.StoredDelivery;
import dev.runhook.domain.delivery.Delivery;
import dev.runhook.domain.delivery.DeliveryId;
import dev.runhook.domain.event.Event;
import dev.runhook.domain.signing.Header;
import dev.runhook.domain.trace.TraceContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What headers tell of a delivery besides its body. None of it ever changes, so that the headers
/// of an attempt are the same whenever they are made.
record DeliveryHeaders(
    DeliveryId delivery,
    Event.Kind kind,
    Optional<Delivery.TransitionRef> transition,
    Optional<DeliveryId> redeliveryOf,
    Optional<TraceContext> trace) {
  static DeliveryHeaders of(LeasedDelivery leasedDelivery) {
    DeliveryContent deliveryContent = leasedDelivery.content();
    return new DeliveryHeaders(
        leasedDelivery.lease().delivery(),
        deliveryContent.kind(),
        deliveryContent.transition(),
        deliveryContent.redeliveryOf(),
        deliveryContent.trace());
  }

  static DeliveryHeaders of(StoredDelivery detail) {
    Delivery delivery = detail.delivery();
    return new DeliveryHeaders(
        delivery.id(),
        delivery.kind(),
        delivery.transition(),
        delivery.redeliveryOf(),
        detail.trace());
  }

  /// Those of one attempt, to be added to.
  List<Header> forAttempt(int attempt, String userAgent) {
    List<Header> headers = new ArrayList<>();
    headers.add(new Header("Content-Type", "application/json"));
    headers.add(new Header("User-Agent", userAgent));
    headers.add(new Header("X-Runhook-Event", kind.wireName()));
    headers.add(new Header("X-Runhook-Delivery", delivery.toString()));
    headers.add(new Header("X-Runhook-Attempt", Integer.toString(attempt)));
    transition
        .flatMap(Delivery.TransitionRef::previousVersion)
        .ifPresent(
            version -> headers.add(new Header("X-Runhook-Previous-Version", version.toString())));
    redeliveryOf.ifPresent(of -> headers.add(new Header("X-Runhook-Redelivery-Of", of.toString())));
    trace
        .map(span -> span.forAttempt(delivery.value(), attempt))
        .ifPresent(span -> {
          headers.add(new Header("traceparent", span.traceparent()));
          if (!span.tracestate().isEmpty()) {
            headers.add(new Header("tracestate", span.tracestate()));
          }
        });
    return headers;
  }
}
