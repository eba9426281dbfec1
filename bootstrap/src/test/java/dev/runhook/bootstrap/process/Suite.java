package dev.runhook.bootstrap.process;

import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.random.RandomGenerator;

/// A suite of faults in its short form, or with `-Drunhook.suite=long` in its long one.
/// `-Drunhook.seed=…` repeats the choices that a run made.
public final class Suite {
  private static final boolean LONG = "long".equals(System.getProperty("runhook.suite"));

  private static final Map<String, String> SETTINGS =
      Map.of(
          "RUNHOOK_RETRY_SCHEDULE", "200ms,".repeat(30),
          "RUNHOOK_PAUSE_AFTER", "1000",
          "RUNHOOK_ALLOWED_NETWORKS", "127.0.0.0/8",
          "RUNHOOK_LOG_LEVEL", "warn");

  private final String name;
  private final long seed = Long.getLong("runhook.seed", System.nanoTime());
  private final RandomGenerator random = new Random(seed);

  private Suite(String name) {
    this.name = name;
  }

  public static Suite named(String name) {
    Suite suite = new Suite(name);
    suite.say("begins");
    return suite;
  }

  public static boolean isLong() {
    return LONG;
  }

  public static <T> T choose(T brief, T full) {
    return LONG ? full : brief;
  }

  /// Settings of a server by which nobody is given up or paused.
  ///
  /// @param more of them, or others in their place
  public static Map<String, String> settings(Map<String, String> more) {
    Map<String, String> all = new HashMap<>(SETTINGS);
    all.putAll(more);
    return Map.copyOf(all);
  }

  /// How long it may take until all that is waited for has come.
  public static Duration patience() {
    return choose(Duration.ofMinutes(4), Duration.ofMinutes(9));
  }

  public RandomGenerator random() {
    return random;
  }

  /// A line for those who watch or keep the results.
  public void say(String text) {
    System.out.println(name + (LONG ? " (long)" : " (short)") + ", seed " + seed + ": " + text);
  }

  public static String seconds(long nanos) {
    return String.format(Locale.ROOT, "%.2f s", nanos / 1e9);
  }

  /// Lets so much time go by, as a fault that lasts needs it.
  public static void last(Duration duration) {
    long end = System.nanoTime() + duration.toNanos();
    await()
        .pollInterval(Duration.ofMillis(20))
        .atMost(duration.plusSeconds(60))
        .until(() -> System.nanoTime() - end >= 0);
  }
}
