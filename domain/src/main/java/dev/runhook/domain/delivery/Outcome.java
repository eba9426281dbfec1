package dev.runhook.domain.delivery;

import java.time.Duration;
import java.util.Optional;

/// How one attempt ended.
public sealed interface Outcome {
  /// The receiver answered; the status line decides.
  ///
  /// @param retryAfter how long the receiver asked us to wait, if it did so with 429 or 503
  record Responded(ReceiverResponse response, Optional<Duration> retryAfter) implements Outcome {
    public static Responded of(int status) {
      return new Responded(ReceiverResponse.of(status), Optional.empty());
    }
  }

  /// There was no answer.
  ///
  /// @param detail a sentence that a receiver's developer can act on
  record NoResponse(Cause cause, String detail) implements Outcome {}

  /// We may not call where the endpoint leads now.
  record Blocked(String rule) implements Outcome {}

  /// Ours, not the receiver's: a bug, or a sender that stopped before it saw the answer. It uses up
  /// an attempt and never counts against the receiver.
  record InternalError(String detail) implements Outcome {}

  /// Why there was no answer.
  enum Cause {
    TIMEOUT,
    CONNECTION_REFUSED,
    CONNECTION_RESET,
    DNS_FAILURE,
    TLS_FAILURE,
    MALFORMED_RESPONSE
  }

  /// What the API calls it.
  enum Code {
    DELIVERED,
    REJECTED,
    TIMEOUT,
    CONNECTION_REFUSED,
    CONNECTION_RESET,
    DNS_FAILURE,
    TLS_FAILURE,
    BLOCKED_ADDRESS,
    MALFORMED_RESPONSE,
    INTERNAL_ERROR
  }

  default boolean isDelivered() {
    return code() == Code.DELIVERED;
  }

  default Code code() {
    return switch (this) {
      case Responded(ReceiverResponse receiverResponse, _) ->
          receiverResponse.isSuccess() ? Code.DELIVERED : Code.REJECTED;
      case NoResponse(Cause cause, _) -> Code.valueOf(cause.name());
      case Blocked _ -> Code.BLOCKED_ADDRESS;
      case InternalError _ -> Code.INTERNAL_ERROR;
    };
  }

  /// What went wrong, a sentence for people; empty where nothing did.
  default Optional<String> error() {
    return switch (this) {
      case Responded(ReceiverResponse receiverResponse, _) ->
          receiverResponse.isSuccess()
              ? Optional.empty()
              : Optional.of(StatusAdvice.forStatus(receiverResponse.status()));
      case NoResponse(_, String detail) -> Optional.of(detail);
      case Blocked(String rule) ->
          Optional.of("the endpoint leads to an address that may not be called: " + rule);
      case InternalError(String detail) -> Optional.of(detail);
    };
  }
}
