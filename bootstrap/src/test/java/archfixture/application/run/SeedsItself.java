package archfixture.application.run;

import java.util.Random;
import java.util.random.RandomGenerator;

/// Breaks `TIME_AND_IDS_COME_FROM_OUTSIDE`.
record SeedsItself(RandomGenerator random) {
  static SeedsItself anew() {
    return new SeedsItself(new Random());
  }
}
