package dev.runhook.domain.delivery;

import dev.runhook.domain.delivery.Fate.Delivered;
import dev.runhook.domain.delivery.Fate.GivenUp;
import dev.runhook.domain.delivery.Fate.Retried;
import dev.runhook.domain.delivery.Outcome.Answered;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;

/// How long to wait after the 1st, 2nd … failed attempt, each ±20 %. When it is used up, the
/// delivery is given up.
///
/// A receiver that asks for more by `Retry-After` with 429 or 503 gets it, up to a day.
public record RetrySchedule(List<Duration> waits) {
  private static final double JITTER = 0.2;
  private static final int GONE = 410;
  private static final int MILLI_DIGITS = 3;
  private static final Set<Integer> MAY_ASK = Set.of(429, 503);
  private static final Duration LONGEST_ASKED = Duration.ofHours(24);

  public RetrySchedule {
    waits = List.copyOf(waits);
    if (waits.stream().anyMatch(Duration::isNegative)) {
      throw new IllegalArgumentException("no wait of a retry schedule is negative");
    }
  }

  /// What an outcome means for a delivery that had failed so many times before.
  public Fate after(int failuresBefore, Outcome outcome, RandomGenerator random) {
    if (outcome.isDelivered()) {
      return new Delivered();
    }
    if (failuresBefore >= waits.size() || isGone(outcome)) {
      return new GivenUp();
    }
    Duration planned = waits.get(failuresBefore);
    double factor = 1 + JITTER * (2 * random.nextDouble() - 1);
    Duration wait = Duration.ofMillis(Math.round(planned.toMillis() * factor));
    String worked = String.format(Locale.ROOT, "%s × %.2f", seconds(planned), factor);
    return least(outcome)
        .filter(least -> wait.compareTo(least.lasting()) < 0)
        .map(least ->
            new Retried(
                least.lasting(),
                Optional.of(
                    seconds(least.lasting()) + ", " + least.why() + "; " + worked + " is sooner")))
        .orElseGet(() -> new Retried(wait, Optional.of(worked + " = " + seconds(wait))));
  }

  private record Least(Duration lasting, String why) {}

  private static Optional<Least> least(Outcome outcome) {
    return outcome instanceof Answered(Answer answer, var asked)
            && MAY_ASK.contains(answer.status())
        ? asked.map(wait -> asked(answer.status(), wait))
        : Optional.empty();
  }

  private static Least asked(int status, Duration wait) {
    String asked = "as the receiver asked for with " + status + " and Retry-After";
    return wait.compareTo(LONGEST_ASKED) > 0
        ? new Least(LONGEST_ASKED, asked + ", a day at the most")
        : new Least(wait, asked);
  }

  private static String seconds(Duration wait) {
    BigDecimal seconds = BigDecimal.valueOf(wait.toMillis()).movePointLeft(MILLI_DIGITS);
    return seconds.stripTrailingZeros().toPlainString() + " s";
  }

  private static boolean isGone(Outcome outcome) {
    return outcome instanceof Answered(Answer answer, _) && answer.status() == GONE;
  }
}
