package dev.runhook.application.query;

import static java.util.Optional.empty;

import dev.runhook.domain.delivery.Delivery.Status;
import dev.runhook.domain.delivery.Outcome;
import dev.runhook.domain.delivery.ReceiverResponse;
import dev.runhook.domain.event.Event.Kind;
import dev.runhook.domain.run.RunState;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/// Selects deliveries. Absent criteria match everything.
///
/// @param kind the kind of the event
/// @param from the earliest creation time, inclusive
/// @param to the latest creation time, exclusive
/// @param outcome the outcome of the latest finished attempt
/// @param statusCode the HTTP status of the response to that attempt
/// @param redelivered whether the event was sent to the webhook again later
public record DeliveryFilter(
    DeliveryScope scope,
    Optional<Status> status,
    Optional<RunState> state,
    Optional<Kind> kind,
    Optional<Instant> from,
    Optional<Instant> to,
    Optional<Outcome.Code> outcome,
    Optional<Integer> statusCode,
    Optional<Boolean> redelivered) {
  /// Selects all deliveries in the scope.
  public static DeliveryFilter of(DeliveryScope scope) {
    return new DeliveryFilter(
        scope, empty(), empty(), empty(), empty(), empty(), empty(), empty(), empty());
  }

  public DeliveryFilter withStatus(Status status) {
    return new DeliveryFilter(
        scope, Optional.of(status), state, kind, from, to, outcome, statusCode, redelivered);
  }

  public DeliveryFilter withState(RunState state) {
    return new DeliveryFilter(
        scope, status, Optional.of(state), kind, from, to, outcome, statusCode, redelivered);
  }

  public DeliveryFilter withKind(Kind kind) {
    return new DeliveryFilter(
        scope, status, state, Optional.of(kind), from, to, outcome, statusCode, redelivered);
  }

  public DeliveryFilter withFrom(Instant from) {
    return new DeliveryFilter(
        scope, status, state, kind, Optional.of(from), to, outcome, statusCode, redelivered);
  }

  public DeliveryFilter withTo(Instant to) {
    return new DeliveryFilter(
        scope, status, state, kind, from, Optional.of(to), outcome, statusCode, redelivered);
  }

  public DeliveryFilter withOutcome(Outcome.Code outcome) {
    return new DeliveryFilter(
        scope, status, state, kind, from, to, Optional.of(outcome), statusCode, redelivered);
  }

  public DeliveryFilter withStatusCode(int statusCode) {
    return new DeliveryFilter(
        scope, status, state, kind, from, to, outcome, Optional.of(statusCode), redelivered);
  }

  public DeliveryFilter withRedelivered(boolean redelivered) {
    return new DeliveryFilter(
        scope, status, state, kind, from, to, outcome, statusCode, Optional.of(redelivered));
  }

  /// Returns the statuses that a matching delivery can have. A delivery is delivered if and only if
  /// its latest attempt was successful, and pending only if its event was not sent again.
  public Set<Status> statuses() {
    Set<Status> statuses = EnumSet.allOf(Status.class);
    status.ifPresent(only -> statuses.retainAll(Set.of(only)));
    outcome.ifPresent(code -> statuses.retainAll(withSuccess(code == Outcome.Code.DELIVERED)));
    statusCode.ifPresent(code -> statuses.retainAll(withSuccess(ReceiverResponse.isSuccess(code))));
    redelivered.filter(again -> again).ifPresent(ignored -> statuses.remove(Status.PENDING));
    return Set.copyOf(statuses);
  }

  /// Returns whether only deliveries without a run match, such as those of operational events.
  public boolean excludesRuns() {
    return kind.filter(it -> it != Kind.RUN_STATE_CHANGED).isPresent();
  }

  /// Returns whether the attempts of the deliveries decide, and not only their status.
  public boolean dependsOnAttempts() {
    return statusCode.isPresent()
        || outcome.filter(code -> code != Outcome.Code.DELIVERED).isPresent();
  }

  private static Set<Status> withSuccess(boolean success) {
    return success
        ? Set.of(Status.DELIVERED)
        : Set.of(Status.PENDING, Status.FAILED, Status.CANCELED);
  }
}
