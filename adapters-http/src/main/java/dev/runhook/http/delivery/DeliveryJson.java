package dev.runhook.http.delivery;

import dev.runhook.domain.delivery.Delivery;
import dev.runhook.domain.delivery.Delivery.LatestRedelivery;
import dev.runhook.domain.delivery.DeliveryId;
import dev.runhook.domain.delivery.DeliveryPhase;
import dev.runhook.domain.delivery.LastResult;
import dev.runhook.domain.run.RunState;
import java.time.Instant;
import java.util.Optional;

/// A delivery.
///
/// @param previousVersion the version that the webhook received before this one; null for the first
///   delivery of the run
/// @param attemptCount the number of attempts that were started
/// @param resentAs null unless the delivery has failed and its event was sent again later
record DeliveryJson(
    String id,
    String stack,
    String webhook,
    String event,
    String kind,
    Optional<String> run,
    Optional<RunState> state,
    Optional<Long> stateVersion,
    Optional<Long> previousVersion,
    Delivery.Status status,
    DeliveryPhase phase,
    int attemptCount,
    Optional<Instant> nextAttemptAt,
    Instant createdAt,
    Optional<Instant> deliveredAt,
    Optional<LastResult> lastResult,
    Optional<String> redeliveryOf,
    Optional<LatestRedeliveryJson> resentAs) {
  record LatestRedeliveryJson(String id, Delivery.Status status) {
    static LatestRedeliveryJson of(LatestRedelivery latest) {
      return new LatestRedeliveryJson(latest.id().toString(), latest.status());
    }
  }

  static DeliveryJson of(Delivery delivery) {
    return new DeliveryJson(
        delivery.id().toString(),
        delivery.stack().slug(),
        delivery.webhook().toString(),
        delivery.event().toString(),
        delivery.kind().wireName(),
        delivery.transition().map(Delivery.TransitionRef::run),
        delivery.transition().map(Delivery.TransitionRef::state),
        delivery.transition().map(Delivery.TransitionRef::version),
        delivery.transition().flatMap(Delivery.TransitionRef::previousVersion),
        delivery.status(),
        delivery.phase(),
        delivery.attemptCount(),
        delivery.nextAttemptAt(),
        delivery.createdAt(),
        delivery.deliveredAt(),
        delivery.lastResult(),
        delivery.redeliveryOf().map(DeliveryId::toString),
        delivery.resentAs().map(LatestRedeliveryJson::of));
  }
}
