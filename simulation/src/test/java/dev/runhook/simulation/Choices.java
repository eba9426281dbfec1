package dev.runhook.simulation;

import java.time.Duration;
import java.util.Random;
import java.util.function.Supplier;

/// Decides what a world leaves open, such as the order of its threads.
interface Choices {
  /// Chooses one of several things that may happen, for example which thread goes on.
  int choose(int options);

  /// Called by a thread where others may go first.
  ///
  /// @param ready how many others can go on
  void step(int ready);

  /// Whether a process crashes where it can.
  boolean crashes();

  /// How long a receiver takes that is not slow.
  Duration responseTime();

  /// Called after each commit.
  default void onState(Supplier<Object> state) {}

  /// Leaves all to chance. Crashes are planned instead.
  ///
  /// @param yields how many of 1,000 steps let others go first
  record ByChance(Random random, int yields) implements Choices {
    static ByChance of(Random random) {
      return new ByChance(random, new int[] {20, 100, 400}[random.nextInt(3)]);
    }

    @Override
    public int choose(int options) {
      return random.nextInt(options);
    }

    @Override
    public void step(int ready) {
      int chance = random.nextInt(1000);
      if (chance < yields) {
        Threads.letOthersGoFirst();
      } else if (chance == 999) {
        Threads.sleep(Duration.ofMillis(random.nextInt(200)));
      }
    }

    @Override
    public boolean crashes() {
      return false;
    }

    @Override
    public Duration responseTime() {
      return Duration.ofMillis(random.nextInt(60));
    }
  }
}
