package dev.runhook.application;

import dev.runhook.domain.delivery.Delivery;
import dev.runhook.domain.run.RunState;
import java.time.Instant;
import java.util.Optional;

/// Which deliveries are asked for; an absent part lets all through.
///
/// @param from the earliest creation, inclusive
/// @param to the latest creation, exclusive
public record DeliveryFilter(
    DeliveryScope scope,
    Optional<Delivery.Status> status,
    Optional<RunState> state,
    Optional<Instant> from,
    Optional<Instant> to) {
  /// All that the scope has.
  public static DeliveryFilter of(DeliveryScope scope) {
    return new DeliveryFilter(
        scope, Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
  }

  public DeliveryFilter status(Delivery.Status wanted) {
    return new DeliveryFilter(scope, Optional.of(wanted), state, from, to);
  }

  public DeliveryFilter state(RunState wanted) {
    return new DeliveryFilter(scope, status, Optional.of(wanted), from, to);
  }

  public DeliveryFilter from(Instant earliest) {
    return new DeliveryFilter(scope, status, state, Optional.of(earliest), to);
  }

  public DeliveryFilter to(Instant latest) {
    return new DeliveryFilter(scope, status, state, from, Optional.of(latest));
  }
}
