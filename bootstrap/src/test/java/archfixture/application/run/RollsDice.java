package archfixture.application.run;

import java.util.concurrent.ThreadLocalRandom;

/// Breaks `THE_INSIDE_TAKES_NO_CHANCE_AND_NO_TICKS`.
record RollsDice(int eyes) {
  static RollsDice roll() {
    return new RollsDice(ThreadLocalRandom.current().nextInt(1, 7));
  }
}
