package dev.runhook.bootstrap;

import java.util.concurrent.ThreadLocalRandom;
import java.util.random.RandomGenerator;

/// Chance that many threads may ask at once. Not for secrets.
final class Jitter implements RandomGenerator {
  @Override
  public long nextLong() {
    return ThreadLocalRandom.current().nextLong();
  }
}
