package dev.runhook.domain.delivery;

import java.time.Duration;
import java.util.Optional;

/// What an attempt means for its delivery.
public sealed interface Fate {
  /// It has arrived.
  record Delivered() implements Fate {}

  /// It is tried again after the delay.
  ///
  /// @param why how the delay was worked out, for people; absent where nobody did
  record Retried(Duration delay, Optional<String> why) implements Fate {
    public Retried(Duration delay) {
      this(delay, Optional.empty());
    }
  }

  /// It is not tried again; the lane goes on without it.
  record GivenUp() implements Fate {}
}
