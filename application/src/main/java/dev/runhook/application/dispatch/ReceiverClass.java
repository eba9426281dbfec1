package dev.runhook.application.dispatch;

import dev.runhook.domain.webhook.Health;

/// What its last attempts say about a webhook, as a guess of what the next will do. It decides how
/// much room the webhook may take beside others.
enum ReceiverClass {
  /// The last attempt from here was delivered.
  HEALTHY,

  /// Nothing is known of it here, or the first attempt after a delivered one failed.
  UNKNOWN,

  /// The last attempt from here failed, and it was not proven before; or its record says so.
  FAILING;

  ReceiverClass afterAttempt(boolean delivered) {
    if (delivered) {
      return HEALTHY;
    }
    return this == HEALTHY ? UNKNOWN : FAILING;
  }

  /// With what all processes together have on record: whoever was seen well here is; of the others
  /// the record knows more, after a start above all.
  ReceiverClass withHealth(Health record) {
    if (this == HEALTHY) {
      return HEALTHY;
    }
    if (record.isFailing()) {
      return FAILING;
    }
    return record.consecutiveFailures() == 0 ? UNKNOWN : this;
  }
}
