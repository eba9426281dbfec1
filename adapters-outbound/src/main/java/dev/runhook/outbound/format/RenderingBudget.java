package dev.runhook.outbound.format;

import java.util.Optional;
import java.util.function.LongSupplier;

/// Limits the work of one rendering, so that a user's template cannot keep a processor from others.
/// A step is a lookup of one component of a key, a tag, an element of a list, or
/// [#CHARACTERS_PER_STEP] characters of a value. Time counts only beyond [#UNTIMED_STEPS], so that
/// the result of usual templates does not depend on how busy the machine is.
final class RenderingBudget {
  private static final int MAX_STEPS = 200_000;
  private static final long MAX_MILLIS = 10;

  /// Take less than [#MAX_MILLIS].
  private static final int UNTIMED_STEPS = 2_000;

  private static final int STEPS_BETWEEN_READINGS = 100;
  private static final int CHARACTERS_PER_STEP = 16;

  private final LongSupplier ticker;
  private final long startedAt;
  private int steps;
  private int nextReading = UNTIMED_STEPS;
  private Optional<String> excess = Optional.empty();

  /// @param ticker monotonic nanoseconds
  RenderingBudget(LongSupplier ticker) {
    this.ticker = ticker;
    this.startedAt = ticker.getAsLong();
  }

  /// Ends the rendering. The library may wrap it.
  static final class ExceededException extends RuntimeException {
    private static final long serialVersionUID = 1;
  }

  /// Returns why the rendering ended, as a sentence for users; empty if it did not exceed a limit.
  Optional<String> findExcess() {
    return excess;
  }

  /// Notes that the rendering exceeds a limit. The caller throws the result.
  ExceededException exceeded(String reason) {
    excess = Optional.of(reason);
    return new ExceededException();
  }

  /// @throws ExceededException if the step is beyond the budget
  void useStep() {
    use(1);
  }

  /// @throws ExceededException if a value of that length is beyond the budget
  void useCharacters(int length) {
    use(1 + length / CHARACTERS_PER_STEP);
  }

  private void use(int count) {
    steps += count;
    if (steps > MAX_STEPS) {
      throw exceeded("the template takes more than " + MAX_STEPS + " steps");
    }
    if (steps >= nextReading) {
      nextReading = steps + STEPS_BETWEEN_READINGS;
      if (ticker.getAsLong() - startedAt > MAX_MILLIS * 1_000_000) {
        throw exceeded("the template takes more than " + MAX_MILLIS + " ms");
      }
    }
  }
}
