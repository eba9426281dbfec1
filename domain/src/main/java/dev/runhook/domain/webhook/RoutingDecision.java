package dev.runhook.domain.webhook;

/// Whether a webhook hears of an event.
public sealed interface RoutingDecision {
  record Deliver() implements RoutingDecision {}

  /// @param why what was looked at, for people: a clause about the webhook, with the values used
  record Skip(Reason reason, String explanation) implements RoutingDecision {}

  /// Why a webhook gets nothing.
  enum Reason {
    DISABLED,
    STATE_NOT_WANTED,
    TYPE_NOT_WANTED,
    DRIFT_DETECTION_NOT_WANTED
  }
}
