package dev.runhook.domain.delivery;

import java.time.Duration;
import java.util.Optional;

/// How one attempt ended.
public sealed interface Outcome {
  /// The receiver answered; the status line decides.
  ///
  /// @param retryAfter how long the receiver asked us to wait, if it did so with 429 or 503
  record Answered(Answer answer, Optional<Duration> retryAfter) implements Outcome {
    public static Answered of(int status) {
      return new Answered(Answer.of(status), Optional.empty());
    }
  }

  /// There was no answer.
  ///
  /// @param detail a sentence that a receiver's developer can act on
  record Unanswered(Cause cause, String detail) implements Outcome {}

  /// We may not call where the endpoint leads now.
  record Refused(String rule) implements Outcome {}

  /// Ours, not the receiver's: a bug, or a sender that stopped before it saw the answer. It uses up
  /// an attempt and never counts against the receiver.
  record Faulted(String detail) implements Outcome {}

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
      case Answered(Answer answer, _) -> answer.isSuccess() ? Code.DELIVERED : Code.REJECTED;
      case Unanswered(Cause cause, _) -> Code.valueOf(cause.name());
      case Refused _ -> Code.BLOCKED_ADDRESS;
      case Faulted _ -> Code.INTERNAL_ERROR;
    };
  }

  /// What went wrong, a sentence for people; empty where nothing did.
  default Optional<String> error() {
    return switch (this) {
      case Answered(Answer answer, _) ->
          answer.isSuccess() ? Optional.empty() : Optional.of(Refusals.sentence(answer.status()));
      case Unanswered(_, String detail) -> Optional.of(detail);
      case Refused(String rule) ->
          Optional.of("the endpoint leads to an address that may not be called: " + rule);
      case Faulted(String detail) -> Optional.of(detail);
    };
  }
}
