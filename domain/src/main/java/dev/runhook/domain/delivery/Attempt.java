package dev.runhook.domain.delivery;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// One finished attempt to deliver an event.
///
/// @param number 1, 2, 3 …
/// @param duration from the start of the attempt to its outcome
/// @param retryDelayReason how the delay after this attempt was computed; absent if there is no
///   retry
/// @param request the request that was sent; absent if none was sent or its data is no longer
///   available
public record Attempt(
    int number,
    Instant startedAt,
    Duration duration,
    Outcome outcome,
    Optional<String> retryDelayReason,
    Optional<RequestSnapshot> request) {
  /// Creates an attempt without a request or a retry delay.
  public Attempt(int number, Instant startedAt, Duration took, Outcome outcome) {
    this(number, startedAt, took, outcome, Optional.empty(), Optional.empty());
  }

  public Attempt withRequest(RequestSnapshot sent) {
    return new Attempt(number, startedAt, duration, outcome, retryDelayReason, Optional.of(sent));
  }

  /// Returns this attempt with the retry delay's reason, if `disposition` is a retry.
  public Attempt withDisposition(Disposition disposition) {
    return disposition instanceof Disposition.Retry(_, var reason)
        ? new Attempt(number, startedAt, duration, outcome, reason, request)
        : this;
  }
}
