package dev.runhook.domain.delivery;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// One try to deliver, as it ended.
///
/// @param number 1, 2, 3 …
/// @param took from the start to the outcome
/// @param waitAfter how the wait after it was worked out, for people; absent where none was
/// @param imprint of its request; absent where none was sent, or nobody knows it any more
public record Attempt(
    int number,
    Instant startedAt,
    Duration duration,
    Outcome outcome,
    Optional<String> retryDelayReason,
    Optional<RequestSnapshot> request) {
  /// One that nothing more is known of.
  public Attempt(int number, Instant startedAt, Duration took, Outcome outcome) {
    this(number, startedAt, took, outcome, Optional.empty(), Optional.empty());
  }

  /// This attempt, whose request left that.
  public Attempt withRequest(RequestSnapshot left) {
    return new Attempt(number, startedAt, duration, outcome, retryDelayReason, Optional.of(left));
  }

  /// This attempt with what was decided after it.
  public Attempt withDisposition(Disposition disposition) {
    return disposition instanceof Disposition.Retry(_, var why)
        ? new Attempt(number, startedAt, duration, outcome, why, request)
        : this;
  }
}
