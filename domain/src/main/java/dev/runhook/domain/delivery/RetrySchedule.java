package dev.runhook.domain.delivery;

import dev.runhook.domain.delivery.Fate.Delivered;
import dev.runhook.domain.delivery.Fate.GivenUp;
import dev.runhook.domain.delivery.Fate.Retried;
import dev.runhook.domain.delivery.Outcome.Answered;
import dev.runhook.domain.delivery.Outcome.Cause;
import dev.runhook.domain.delivery.Outcome.Unanswered;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;

/// How long to wait after the 1st, 2nd … failed attempt, each ±20 %. When it is used up, the
/// delivery is given up.
///
/// An overloaded receiver (429, 502, 503, 504 or a timeout) gets a minute at least, and what it
/// asks for by `Retry-After` up to a day.
public record RetrySchedule(List<Duration> waits) {
  private static final double JITTER = 0.2;
  private static final int GONE = 410;
  private static final Set<Integer> OVERLOADED = Set.of(429, 502, 503, 504);
  private static final Duration OVERLOADED_WAIT = Duration.ofMinutes(1);
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
    Duration wait = jittered(waits.get(failuresBefore), random);
    Duration least = leastWait(outcome);
    return new Retried(wait.compareTo(least) < 0 ? least : wait);
  }

  private static Duration leastWait(Outcome outcome) {
    return switch (outcome) {
      case Answered(Answer answer, var asked)
          when asked.isPresent() && OVERLOADED.contains(answer.status()) ->
          asked.get().compareTo(LONGEST_ASKED) > 0 ? LONGEST_ASKED : asked.get();
      case Answered(Answer answer, _) when OVERLOADED.contains(answer.status()) -> OVERLOADED_WAIT;
      case Unanswered(Cause cause, _) when cause == Cause.TIMEOUT -> OVERLOADED_WAIT;
      case Outcome _ -> Duration.ZERO;
    };
  }

  private static boolean isGone(Outcome outcome) {
    return outcome instanceof Answered(Answer answer, _) && answer.status() == GONE;
  }

  private static Duration jittered(Duration wait, RandomGenerator random) {
    double factor = 1 + JITTER * (2 * random.nextDouble() - 1);
    return Duration.ofMillis(Math.round(wait.toMillis() * factor));
  }
}
