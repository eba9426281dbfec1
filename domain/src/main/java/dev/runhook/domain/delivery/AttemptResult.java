package dev.runhook.domain.delivery;

import java.util.Optional;

/// The result of an attempt, without the details of the response.
///
/// @param statusCode the HTTP status of the response; absent if there was none
public record AttemptResult(Outcome.Code outcome, Optional<Integer> statusCode) {
  public static AttemptResult of(Outcome outcome) {
    return new AttemptResult(
        outcome.code(),
        outcome instanceof Outcome.Responded(ReceiverResponse response, _)
            ? Optional.of(response.status())
            : Optional.empty());
  }
}
