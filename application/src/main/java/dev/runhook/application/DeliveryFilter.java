package dev.runhook.application;

import dev.runhook.domain.delivery.Delivery;
import dev.runhook.domain.run.RunState;
import java.time.Instant;
import java.util.Optional;

/// Selects deliveries. Absent criteria match everything.
///
/// @param from the earliest creation time, inclusive
/// @param to the latest creation time, exclusive
public record DeliveryFilter(
    DeliveryScope scope,
    Optional<Delivery.Status> status,
    Optional<RunState> state,
    Optional<Instant> from,
    Optional<Instant> to) {
  /// Selects all deliveries in the scope.
  public static DeliveryFilter of(DeliveryScope scope) {
    return new DeliveryFilter(
        scope, Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
  }

  public DeliveryFilter withStatus(Delivery.Status status) {
    return new DeliveryFilter(scope, Optional.of(status), state, from, to);
  }

  public DeliveryFilter withState(RunState state) {
    return new DeliveryFilter(scope, status, Optional.of(state), from, to);
  }

  public DeliveryFilter withFrom(Instant from) {
    return new DeliveryFilter(scope, status, state, Optional.of(from), to);
  }

  public DeliveryFilter withTo(Instant to) {
    return new DeliveryFilter(scope, status, state, from, Optional.of(to));
  }
}
