package dev.runhook.domain.delivery;

import java.time.Duration;
import java.util.Optional;

/// What happens to a delivery after an attempt.
public sealed interface Disposition {
  /// The delivery succeeded.
  record Delivered() implements Disposition {}

  /// The delivery is attempted again after the delay.
  ///
  /// @param reason how the delay was computed; absent if it was not computed
  record Retry(Duration delay, Optional<String> reason) implements Disposition {
    public Retry(Duration delay) {
      this(delay, Optional.empty());
    }
  }

  /// The delivery failed permanently. Its lane continues with the next delivery.
  record Exhausted() implements Disposition {}
}
