package dev.runhook.application.delivery;

import dev.runhook.application.spi.DeliveryDetail;
import dev.runhook.application.spi.Letter;
import dev.runhook.application.spi.Parcel;
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
record Description(
    DeliveryId delivery,
    Event.Kind kind,
    Optional<Delivery.Move> move,
    Optional<DeliveryId> redeliveryOf,
    Optional<TraceContext> trace) {
  static Description of(Parcel parcel) {
    Letter letter = parcel.letter();
    return new Description(
        parcel.lease().delivery(),
        letter.kind(),
        letter.move(),
        letter.redeliveryOf(),
        letter.trace());
  }

  static Description of(DeliveryDetail detail) {
    Delivery delivery = detail.delivery();
    return new Description(
        delivery.id(), delivery.kind(), delivery.move(), delivery.redeliveryOf(), detail.trace());
  }

  /// Those of one attempt, to be added to.
  List<Header> headers(int attempt, String userAgent) {
    List<Header> headers = new ArrayList<>();
    headers.add(new Header("Content-Type", "application/json"));
    headers.add(new Header("User-Agent", userAgent));
    headers.add(new Header("X-Runhook-Event", kind.wireName()));
    headers.add(new Header("X-Runhook-Delivery", delivery.toString()));
    headers.add(new Header("X-Runhook-Attempt", Integer.toString(attempt)));
    move.flatMap(Delivery.Move::previous)
        .ifPresent(
            version -> headers.add(new Header("X-Runhook-Previous-Version", version.toString())));
    redeliveryOf.ifPresent(of -> headers.add(new Header("X-Runhook-Redelivery-Of", of.toString())));
    trace
        .map(span -> span.attempt(delivery.value(), attempt))
        .ifPresent(span -> {
          headers.add(new Header("traceparent", span.parent()));
          if (!span.state().isEmpty()) {
            headers.add(new Header("tracestate", span.state()));
          }
        });
    return headers;
  }
}
