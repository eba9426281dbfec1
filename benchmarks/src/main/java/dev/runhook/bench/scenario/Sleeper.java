package dev.runhook.bench.scenario;

import java.time.Duration;

/// Sleeps, to wait for conditions that no signal announces.
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
