package dev.runhook.application.dispatch;

import dev.runhook.domain.webhook.Health;

/// A guess of how the next attempt for a webhook will end, based on its last attempts. It decides
/// how many slots the webhook may use.
enum ReceiverClass {
  /// The last attempt of this process was delivered.
  HEALTHY,

  /// This process has made no attempt, or the first attempt after a delivered one failed.
  UNKNOWN,

  /// The last attempt of this process failed and the webhook was not healthy before, or the stored
  /// health says that it is failing.
  FAILING;

  ReceiverClass afterAttempt(boolean delivered) {
    if (delivered) {
      return HEALTHY;
    }
    return this == HEALTHY ? UNKNOWN : FAILING;
  }

  /// Takes into account the stored health, which all processes share. If this process knows that
  /// the receiver is healthy, that takes precedence.
  ReceiverClass withHealth(Health health) {
    if (this == HEALTHY) {
      return HEALTHY;
    }
    if (health.isFailing()) {
      return FAILING;
    }
    return health.consecutiveFailures() == 0 ? UNKNOWN : this;
  }
}
