package dev.runhook.bench.scenario;

import java.time.Duration;

/// Waits where there is nothing to be told by.
final class Sleeper {
  private Sleeper() {}

  static void sleep(Duration duration) {
    try {
      Thread.sleep(duration);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }
}
