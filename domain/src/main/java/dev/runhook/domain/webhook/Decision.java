package dev.runhook.domain.webhook;

/// Whether a webhook hears of an event.
public sealed interface Decision {
  record Deliver() implements Decision {}

  record Skip(Reason reason) implements Decision {}

  /// Why a webhook gets nothing.
  enum Reason {
    DISABLED,
    STATE_NOT_WANTED,
    TYPE_NOT_WANTED
  }
}
