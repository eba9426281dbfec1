package dev.runhook.application.batch;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/// Blocks a thread for a fixed time. This is the only class of the application that does so;
/// everything else waits for a condition.
public final class Pause {
  private Pause() {}

  /// Waits for approximately the given time. Returns immediately if the thread is interrupted, and
  /// keeps its interrupt status.
  public static void pause(Duration duration) {
    LockSupport.parkNanos(duration.toNanos());
  }
}
