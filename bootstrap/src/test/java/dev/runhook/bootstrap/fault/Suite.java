package dev.runhook.bootstrap.fault;

import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.Locale;
import java.util.Random;

/// Which form of the suites runs, by `-Drunhook.suite=long`, and the seed of its random choices, by
/// `-Drunhook.seed=…`.
final class Suite {
  static final Duration PATIENCE = Duration.ofMinutes(4);
  private static final boolean LONG = "long".equals(System.getProperty("runhook.suite"));

  private final String name;
  private final long seed = Long.getLong("runhook.seed", System.nanoTime());
  private final Random random = new Random(seed);

  private Suite(String name) {
    this.name = name;
  }

  static Suite named(String name) {
    Suite suite = new Suite(name);
    suite.say("begins");
    return suite;
  }

  static boolean isLong() {
    return LONG;
  }

  static int shortOrLong(int inShort, int inLong) {
    return LONG ? inLong : inShort;
  }

  Random random() {
    return random;
  }

  /// A line for those who watch or keep the results.
  void say(String text) {
    System.out.println(name + (LONG ? " (long)" : " (short)") + " seed " + seed + ": " + text);
  }

  static String seconds(long nanos) {
    return String.format(Locale.ROOT, "%.2f s", nanos / 1e9);
  }

  /// Lets so much time go by, as a fault that lasts needs it.
  static void last(Duration duration) {
    long end = System.nanoTime() + duration.toNanos();
    await()
        .pollInterval(Duration.ofMillis(20))
        .atMost(duration.plusSeconds(60))
        .until(() -> System.nanoTime() - end >= 0);
  }
}
