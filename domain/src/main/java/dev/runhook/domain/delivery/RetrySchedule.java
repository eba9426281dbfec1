package dev.runhook.domain.delivery;

import dev.runhook.domain.delivery.Disposition.Delivered;
import dev.runhook.domain.delivery.Disposition.Exhausted;
import dev.runhook.domain.delivery.Disposition.Retry;
import dev.runhook.domain.delivery.Outcome.Cause;
import dev.runhook.domain.delivery.Outcome.NoResponse;
import dev.runhook.domain.delivery.Outcome.Responded;
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
/// An overloaded receiver (429, 502, 503, 504 or a timeout) gets a minute at least, and what it
/// asks for by `Retry-After` up to a day.
public record RetrySchedule(List<Duration> delays) {
  private static final double JITTER = 0.2;
  private static final int GONE = 410;
  private static final int MILLI_DIGITS = 3;
  private static final Set<Integer> OVERLOADED = Set.of(429, 502, 503, 504);
  private static final Duration OVERLOADED_WAIT = Duration.ofMinutes(1);
  private static final Duration LONGEST_ASKED = Duration.ofHours(24);

  public RetrySchedule {
    delays = List.copyOf(delays);
    if (delays.stream().anyMatch(Duration::isNegative)) {
      throw new IllegalArgumentException("no wait of a retry schedule is negative");
    }
  }

  /// What an outcome means for a delivery that had failed so many times before.
  public Disposition dispositionAfter(int failuresBefore, Outcome outcome, RandomGenerator random) {
    if (outcome.isDelivered()) {
      return new Delivered();
    }
    if (failuresBefore >= delays.size() || isGone(outcome)) {
      return new Exhausted();
    }
    Duration planned = delays.get(failuresBefore);
    double factor = 1 + JITTER * (2 * random.nextDouble() - 1);
    Duration wait = Duration.ofMillis(Math.round(planned.toMillis() * factor));
    String worked = String.format(Locale.ROOT, "%s × %.2f", seconds(planned), factor);
    return least(outcome)
        .filter(least -> wait.compareTo(least.lasting()) < 0)
        .map(least ->
            new Retry(
                least.lasting(),
                Optional.of(
                    seconds(least.lasting()) + ", " + least.why() + "; " + worked + " is sooner")))
        .orElseGet(() -> new Retry(wait, Optional.of(worked + " = " + seconds(wait))));
  }

  private record Least(Duration lasting, String why) {}

  private static Optional<Least> least(Outcome outcome) {
    return switch (outcome) {
      case Responded(ReceiverResponse receiverResponse, var asked)
          when asked.isPresent() && OVERLOADED.contains(receiverResponse.status()) ->
          Optional.of(asked(receiverResponse.status(), asked.get()));
      case Responded(ReceiverResponse answer, _) when OVERLOADED.contains(answer.status()) ->
          Optional.of(
              new Least(OVERLOADED_WAIT, "the least after an answer of " + answer.status()));
      case NoResponse(Cause cause, _) when cause == Cause.TIMEOUT ->
          Optional.of(new Least(OVERLOADED_WAIT, "the least after a timeout"));
      case Outcome _ -> Optional.empty();
    };
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
    return outcome instanceof Responded(ReceiverResponse receiverResponse, _)
        && receiverResponse.status() == GONE;
  }
}
