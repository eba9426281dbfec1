package dev.runhook.application.spi.delivery;

import dev.runhook.domain.delivery.Delivery;
import dev.runhook.domain.delivery.DeliveryId;
import dev.runhook.domain.event.Event;
import dev.runhook.domain.event.EventId;
import dev.runhook.domain.event.Payload;
import dev.runhook.domain.run.ResourceChanges;
import dev.runhook.domain.run.TraceContext;
import java.util.Optional;

/// What a delivery sends.
///
/// @param payload in Runhook's format, unless an attempt has rendered it
/// @param transition the transition of a run of the webhook's stack; absent for a ping
/// @param redeliveryOf the delivery that this one repeats on request
/// @param trace the span that reported the event, if known
/// @param changes the resources that the run changes, if they were reported with the transition
public record DeliveryContent(
    EventId event,
    Event.Kind kind,
    Optional<Delivery.TransitionRef> transition,
    Payload payload,
    Optional<DeliveryId> redeliveryOf,
    Optional<TraceContext> trace,
    Optional<ResourceChanges> changes) {
  /// Creates the content of an event without a list of changes.
  public DeliveryContent(
      EventId event,
      Event.Kind kind,
      Optional<Delivery.TransitionRef> transition,
      Payload payload,
      Optional<DeliveryId> redeliveryOf,
      Optional<TraceContext> trace) {
    this(event, kind, transition, payload, redeliveryOf, trace, Optional.empty());
  }

  /// Returns approximately how many bytes of memory a delivery takes.
  public long bytes() {
    return payload.length() + changes.map(ResourceChanges::length).orElse(0L);
  }

  /// Returns the same content with what an attempt sends.
  public DeliveryContent withPayload(Payload other) {
    return new DeliveryContent(event, kind, transition, other, redeliveryOf, trace, changes);
  }

  /// Returns what a redelivery sends.
  public DeliveryContent withRedeliveryOf(DeliveryId original) {
    return new DeliveryContent(
        event, kind, transition, payload, Optional.of(original), trace, changes);
  }

  /// Returns what one delivery of the same event sends.
  ///
  /// @param previousVersion the version of the run that the webhook was last notified of
  public DeliveryContent forDelivery(
      Optional<Long> previousVersion, Optional<DeliveryId> redelivered) {
    return new DeliveryContent(
        event,
        kind,
        transition.map(ref -> ref.withPreviousVersion(previousVersion)),
        payload,
        redelivered,
        trace,
        changes);
  }
}
