package dev.runhook.domain.delivery;

import dev.runhook.domain.event.Event;
import dev.runhook.domain.event.EventId;
import dev.runhook.domain.run.RunState;
import dev.runhook.domain.run.StackId;
import dev.runhook.domain.webhook.WebhookId;
import java.time.Instant;
import java.util.Optional;

/// One event to be delivered to one webhook, in its current state.
///
/// @param stack the stack of the webhook
/// @param transition the transition that the event reports; absent for a ping
/// @param attemptCount the number of attempts that were started
/// @param nextAttemptAt by the store's clock; absent if the delivery is finished or waits for an
///   earlier delivery of its lane
/// @param lastResult the result of the latest finished attempt; absent if there is none
/// @param redeliveryOf the earlier delivery that this one repeats; absent if this is not a
///   redelivery
/// @param resentAs the newest later delivery of the event to the webhook, if this one has failed or
///   was canceled; absent if there is none
public record Delivery(
    DeliveryId id,
    StackId stack,
    WebhookId webhook,
    EventId event,
    Event.Kind kind,
    Optional<TransitionRef> transition,
    DeliveryPhase phase,
    int attemptCount,
    Optional<Instant> nextAttemptAt,
    Optional<Instant> deliveredAt,
    Optional<LastResult> lastResult,
    Optional<DeliveryId> redeliveryOf,
    Optional<LatestRedelivery> resentAs) {
  /// A reference to a transition: the run's name, the state it entered, and the state's version.
  ///
  /// @param previousVersion the version of this run that the webhook was last notified of; absent
  ///   if there is none or it is not known yet
  public record TransitionRef(
      String run, RunState state, long version, Optional<Long> previousVersion) {
    public TransitionRef(String run, RunState state, long version) {
      this(run, state, version, Optional.empty());
    }

    public TransitionRef withPreviousVersion(Optional<Long> previous) {
      return new TransitionRef(run, state, version, previous);
    }
  }

  /// The newest of the later deliveries of an event to a webhook.
  public record LatestRedelivery(DeliveryId id, Status status) {}

  public Status status() {
    return switch (phase) {
      case SENDING, DUE, RATE_LIMITED, RETRYING, WAITING_FOR_LANE, PAUSED, DISABLED ->
          Status.PENDING;
      case DELIVERED -> Status.DELIVERED;
      case FAILED -> Status.FAILED;
      case CANCELED -> Status.CANCELED;
    };
  }

  public Instant createdAt() {
    return id.createdAt();
  }

  public enum Status {
    /// The delivery is open; its phase says what it waits for.
    PENDING,
    DELIVERED,
    /// All attempts failed, or the receiver refused the delivery for good.
    FAILED,
    /// A user ended it.
    CANCELED
  }
}
