package dev.runhook.domain.delivery;

import java.time.Duration;
import java.util.Optional;

/// What an attempt means for its delivery.
public sealed interface Disposition {
  /// It has arrived.
  record Delivered() implements Disposition {}

  /// It is tried again after the delay.
  ///
  /// @param why how the delay was worked out, for people; absent where nobody did
  record Retry(Duration delay, Optional<String> reason) implements Disposition {
    public Retry(Duration delay) {
      this(delay, Optional.empty());
    }
  }

  /// It is not tried again; the lane goes on without it.
  record Exhausted() implements Disposition {}
}
