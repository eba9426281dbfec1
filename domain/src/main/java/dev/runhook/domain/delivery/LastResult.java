package dev.runhook.domain.delivery;

import java.util.Optional;

/// The result of the latest attempt of a delivery, without the details of the response.
///
/// @param statusCode the HTTP status of the response; absent if there was none
/// @param error a sentence that explains the failure; absent if the attempt succeeded
public record LastResult(
    Outcome.Code outcome, Optional<Integer> statusCode, Optional<String> error) {
  public static LastResult of(Outcome outcome) {
    return new LastResult(
        outcome.code(),
        outcome instanceof Outcome.Responded(ReceiverResponse response, var ignored)
            ? Optional.of(response.status())
            : Optional.empty(),
        outcome.error());
  }
}
