package dev.runhook.domain.delivery;

import java.time.Duration;

/// What an attempt means for its delivery.
public sealed interface Fate {
  /// It has arrived.
  record Delivered() implements Fate {}

  /// It is tried again after the delay.
  record Retried(Duration delay) implements Fate {}

  /// It is not tried again; the lane goes on without it.
  record GivenUp() implements Fate {}
}
