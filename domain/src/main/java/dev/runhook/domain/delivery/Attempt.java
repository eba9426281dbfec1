package dev.runhook.domain.delivery;

import dev.runhook.domain.event.StoredPayload;
import dev.runhook.domain.signing.SignatureSet;
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
  /// The parts of a request that cannot be reconstructed later. Everything else is derived from
  /// immutable data.
  ///
  /// @param revision the webhook's revision, which determines the endpoint and the custom headers
  /// @param userAgent for example `Runhook/1.0.0`
  /// @param body the event in the webhook's format; absent if Runhook's payload was sent
  public record RequestSnapshot(
      int revision, String userAgent, SignatureSet signatures, Optional<StoredPayload> body) {
    public RequestSnapshot withBody(StoredPayload stored) {
      return new RequestSnapshot(revision, userAgent, signatures, Optional.of(stored));
    }
  }

  /// Creates an attempt without a request or a retry delay.
  public Attempt(int number, Instant startedAt, Duration took, Outcome outcome) {
    this(number, startedAt, took, outcome, Optional.empty(), Optional.empty());
  }

  public Attempt withRequest(RequestSnapshot sent) {
    return new Attempt(number, startedAt, duration, outcome, retryDelayReason, Optional.of(sent));
  }
}
