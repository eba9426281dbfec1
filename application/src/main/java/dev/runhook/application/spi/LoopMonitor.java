package dev.runhook.application.spi;

import java.time.Duration;

/// Notices that a loop has stopped. Thread-safe. The defaults ignore everything.
public interface LoopMonitor {
  /// A round of the loop begins. Every round counts, even one that fails or finds nothing to do.
  ///
  /// @param loop its name, unique in the process
  /// @param limit the loop has stopped if no other round begins within this time
  default void onRound(String loop, Duration limit) {}

  /// A round ended with an error after which the state of the process is unknown. The loop goes on,
  /// in case the monitor does not end the process.
  default void onError(String loop, Error error) {}
}
