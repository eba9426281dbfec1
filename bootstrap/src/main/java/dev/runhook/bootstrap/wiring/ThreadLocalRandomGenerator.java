package dev.runhook.bootstrap.wiring;

import java.util.concurrent.ThreadLocalRandom;
import java.util.random.RandomGenerator;

/// Chance that many threads may ask at once. Not for secrets.
final class ThreadLocalRandomGenerator implements RandomGenerator {
  @Override
  public long nextLong() {
    return ThreadLocalRandom.current().nextLong();
  }
}
