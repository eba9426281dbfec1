package dev.runhook.application.spi;

import dev.runhook.domain.delivery.Delivery;
import dev.runhook.domain.delivery.DeliveryId;
import dev.runhook.domain.event.Event;
import dev.runhook.domain.event.EventId;
import dev.runhook.domain.event.Payload;
import dev.runhook.domain.trace.TraceContext;
import java.util.Optional;

/// What a delivery carries.
///
/// @param move what it tells of a run of the webhook's stack; absent for a ping
/// @param redeliveryOf the delivery that it repeats by hand, if it does
/// @param trace the span that its event was reported in, if that is known
public record DeliveryContent(
    EventId event,
    Event.Kind kind,
    Optional<Delivery.TransitionRef> transition,
    Payload payload,
    Optional<DeliveryId> redeliveryOf,
    Optional<TraceContext> trace) {}
