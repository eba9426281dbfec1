package dev.runhook.application.interleaving;

import org.jetbrains.lincheck.Lincheck;

/// Explores the interleavings of a few threads with Lincheck: it decides at each access to shared
/// memory and at each lock which thread goes on, those with few switches first. A deadlock fails,
/// too.
public final class Interleavings {
  /// A planted race needs fewer than 50.
  private static final int EXPLORED = 100;

  private Interleavings() {}

  /// Runs the scenario in many interleavings. It throws if one of them is wrong.
  public static void explore(Runnable scenario) {
    Lincheck.runConcurrentTest(EXPLORED, scenario);
  }

  /// Runs the actions in threads of their own, and waits for them.
  public static void inParallel(Runnable... actions) {
    Thread[] threads = new Thread[actions.length];
    for (int i = 0; i < actions.length; i++) {
      threads[i] = new Thread(actions[i]); // Lincheck does not see those that a library creates
      threads[i].start();
    }
    join(threads);
  }

  public static void join(Thread... threads) {
    try {
      for (Thread thread : threads) {
        thread.join();
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  public static void require(boolean condition, String failure) {
    if (!condition) {
      throw new IllegalStateException(failure);
    }
  }
}
