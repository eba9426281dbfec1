package dev.runhook.domain.delivery;

import static java.util.Comparator.comparingInt;

import dev.runhook.domain.webhook.Health;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/// What happens to a delivery at a moment. Unlike its status, the phase of an open delivery changes
/// as time passes, and with the health of its webhook.
public enum DeliveryPhase {
  /// An attempt is in flight: a process has a lease. That can be the probe of a paused webhook.
  SENDING,
  /// An attempt is due, but no process has claimed the delivery.
  DUE,
  /// An attempt is due, and begins when the rate of the webhook allows it.
  RATE_LIMITED,
  /// At least one attempt failed, and the next one is not due yet.
  RETRYING,
  /// The delivery waits for an earlier one of its lane.
  WAITING_FOR_LANE,
  /// The delivery waits because its webhook is paused.
  PAUSED,
  /// The delivery waits because its webhook is disabled.
  DISABLED,
  DELIVERED,
  /// All attempts failed, or the receiver refused the delivery for good.
  FAILED,
  /// A user ended it.
  CANCELED;

  private static final List<DeliveryPhase> BY_URGENCY =
      List.of(
          FAILED,
          PAUSED,
          DISABLED,
          RETRYING,
          RATE_LIMITED,
          DUE,
          SENDING,
          WAITING_FOR_LANE,
          CANCELED,
          DELIVERED);

  /// Returns the phase that stands for several deliveries, such as those of a lane: a failure
  /// before what waits, what the receiver or a user holds up before what will be sent soon, and
  /// `DELIVERED` only if all are delivered. Absent if there are none.
  public static Optional<DeliveryPhase> mostUrgent(Collection<DeliveryPhase> phases) {
    return phases.stream().min(comparingInt(BY_URGENCY::indexOf));
  }

  /// Returns the phase of an open delivery.
  ///
  /// @param dueAt absent behind the head of its lane
  /// @param leasedUntil absent if no process has claimed it; a lease that has ended does not count
  /// @param attempts the number of attempts that were started
  /// @param health of its webhook
  /// @param nextSendAt when the next attempt of the webhook may begin; absent if its rate is not
  ///   limited
  /// @param now by the store's clock, like the other times
  public static DeliveryPhase ofOpen(
      Optional<Instant> dueAt,
      Optional<Instant> leasedUntil,
      int attempts,
      Health health,
      Optional<Instant> nextSendAt,
      Instant now) {
    if (leasedUntil.filter(now::isBefore).isPresent()) {
      return SENDING;
    }
    return switch (health) {
      case Health.Paused ignored -> PAUSED;
      case Health.Disabled ignored -> DISABLED;
      case Health.Active ignored ->
          dueAt
              .map(due -> ofHead(now.isBefore(due), attempts, nextSendAt.filter(now::isBefore)))
              .orElse(WAITING_FOR_LANE);
    };
  }

  private static DeliveryPhase ofHead(boolean isLater, int attempts, Optional<Instant> nextSendAt) {
    if (isLater && attempts > 0) {
      return RETRYING;
    }
    return nextSendAt.isPresent() ? RATE_LIMITED : DUE;
  }
}
