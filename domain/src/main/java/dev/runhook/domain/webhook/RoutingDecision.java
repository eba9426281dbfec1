package dev.runhook.domain.webhook;

/// Whether a webhook is notified of an event.
public sealed interface RoutingDecision {
  record Deliver() implements RoutingDecision {}

  /// The webhook is not notified.
  ///
  /// @param explanation a clause about the webhook that names the compared values, for users
  record Skip(Reason reason, String explanation) implements RoutingDecision {}

  enum Reason {
    DISABLED,
    STATE_NOT_WANTED,
    TYPE_NOT_WANTED,
    DRIFT_DETECTION_NOT_WANTED
  }
}
