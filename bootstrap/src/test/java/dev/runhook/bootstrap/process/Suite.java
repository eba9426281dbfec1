package dev.runhook.bootstrap.process;

import java.time.Duration;
import java.util.Random;
import java.util.random.RandomGenerator;

/// A suite of faults in its short form, or with `-Drunhook.suite=long` in its long one.
/// `-Drunhook.seed=…` repeats the choices that a run made.
record Suite(String name, boolean isLong, long seed) {
  static Suite named(String name) {
    Suite suite = new Suite(name, isLongForm(), Long.getLong("runhook.seed", System.nanoTime()));
    System.out.printf("%s begins, seed %d%n", suite, suite.seed);
    return suite;
  }

  static boolean isLongForm() {
    return "long".equals(System.getProperty("runhook.suite"));
  }

  <T> T choose(T brief, T full) {
    return isLong ? full : brief;
  }

  RandomGenerator random() {
    return new Random(seed);
  }

  /// How long it may take until everything has arrived.
  Duration patience() {
    return choose(Duration.ofMinutes(3), Duration.ofMinutes(9));
  }

  /// The one line that the run leaves.
  void summarize(String what) {
    System.out.printf("%s, seed %d: %s%n", this, seed, what);
  }

  @Override
  public String toString() {
    return name + (isLong ? " (long)" : " (short)");
  }
}
