package dev.runhook.domain.delivery;

import dev.runhook.domain.event.Event;
import dev.runhook.domain.event.EventId;
import dev.runhook.domain.run.RunState;
import dev.runhook.domain.run.StackId;
import dev.runhook.domain.webhook.WebhookId;
import java.time.Instant;
import java.util.Optional;

/// One event on its way to one webhook, as it stands now.
///
/// @param stack whose webhook it goes to
/// @param move what the event tells of a run; absent for a ping
/// @param attempts how many attempts were begun
/// @param nextAttemptAt by the store's clock; absent when finished, or while an earlier delivery of
///   the lane is open
/// @param redeliveryOf the delivery that this one repeats by hand; absent for a first one
public record Delivery(
    DeliveryId id,
    StackId stack,
    WebhookId webhook,
    EventId event,
    Event.Kind kind,
    Optional<TransitionRef> transition,
    Status status,
    int attemptCount,
    Optional<Instant> nextAttemptAt,
    Optional<Instant> deliveredAt,
    Optional<DeliveryId> redeliveryOf) {
  /// The run's name on its stack, and the state it entered.
  ///
  /// @param previous the version of the same run that was told to the same webhook before this one;
  ///   absent for the first, and where it is not known yet
  public record TransitionRef(
      String run, RunState state, long version, Optional<Long> previousVersion) {
    public TransitionRef(String run, RunState state, long version) {
      this(run, state, version, Optional.empty());
    }

    public TransitionRef withPreviousVersion(Optional<Long> told) {
      return new TransitionRef(run, state, version, told);
    }
  }

  public Instant createdAt() {
    return id.createdAt();
  }

  public enum Status {
    /// Waiting for its first or next attempt, for its lane, or under way.
    PENDING,
    DELIVERED,
    /// Given up.
    FAILED
  }
}
