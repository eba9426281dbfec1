package dev.runhook.application.delivery;

import dev.runhook.domain.webhook.Health;

/// What its last attempts say about a webhook, as a guess of what the next will do. It decides how
/// much room the webhook may take beside others.
enum Reputation {
  /// The last attempt from here was delivered.
  PROVEN,

  /// Nothing is known of it here, or the first attempt after a delivered one failed.
  UNCERTAIN,

  /// The last attempt from here failed, and it was not proven before; or its record says so.
  FAILING;

  Reputation after(boolean delivered) {
    if (delivered) {
      return PROVEN;
    }
    return this == PROVEN ? UNCERTAIN : FAILING;
  }

  /// With what all processes together have on record: whoever was seen well here is; of the others
  /// the record knows more, after a start above all.
  Reputation given(Health record) {
    if (this == PROVEN) {
      return PROVEN;
    }
    if (record.isFailing()) {
      return FAILING;
    }
    return record.consecutiveFailures() == 0 ? UNCERTAIN : this;
  }
}
