package dev.runhook.application.dispatch;

import dev.runhook.application.spi.delivery.Deliveries.StoredDelivery;
import dev.runhook.application.spi.delivery.DeliveryContent;
import dev.runhook.application.spi.delivery.LeasedDelivery;
import dev.runhook.domain.delivery.Delivery;
import dev.runhook.domain.delivery.DeliveryId;
import dev.runhook.domain.event.Event;
import dev.runhook.domain.event.Format;
import dev.runhook.domain.run.TraceContext;
import dev.runhook.domain.signing.Header;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The headers that describe a delivery. They depend on immutable data only, so the headers of an
/// attempt are always the same.
public record DeliveryHeaders(
    DeliveryId delivery,
    Event.Kind kind,
    Optional<Delivery.TransitionRef> transition,
    Optional<DeliveryId> redeliveryOf,
    Optional<TraceContext> trace) {
  static DeliveryHeaders of(LeasedDelivery delivery) {
    DeliveryContent content = delivery.content();
    return new DeliveryHeaders(
        delivery.lease().delivery(),
        content.kind(),
        content.transition(),
        content.redeliveryOf(),
        content.trace());
  }

  public static DeliveryHeaders of(StoredDelivery stored) {
    Delivery delivery = stored.delivery();
    return new DeliveryHeaders(
        delivery.id(),
        delivery.kind(),
        delivery.transition(),
        delivery.redeliveryOf(),
        stored.trace());
  }

  /// @param format what the attempt sends
  /// @return a list that the caller may append to
  public List<Header> forAttempt(int attempt, String userAgent, Format format) {
    List<Header> headers = new ArrayList<>();
    headers.add(new Header("Content-Type", format.contentType()));
    headers.add(new Header("User-Agent", userAgent));
    headers.add(new Header("X-Runhook-Event", kind.eventName()));
    if (kind == Event.Kind.TEST) {
      headers.add(new Header("X-Runhook-Test", "true"));
    }
    headers.add(new Header("X-Runhook-Delivery", delivery.toString()));
    headers.add(new Header("X-Runhook-Attempt", Integer.toString(attempt)));
    transition
        .flatMap(Delivery.TransitionRef::previousVersion)
        .ifPresent(
            version -> headers.add(new Header("X-Runhook-Previous-Version", version.toString())));
    redeliveryOf.ifPresent(id -> headers.add(new Header("X-Runhook-Redelivery-Of", id.toString())));
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
