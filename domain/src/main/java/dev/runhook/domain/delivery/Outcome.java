package dev.runhook.domain.delivery;

import dev.runhook.domain.webhook.FailedAttempt;
import dev.runhook.domain.webhook.PausePolicy;
import dev.runhook.domain.webhook.Webhook;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// The result of one attempt.
public sealed interface Outcome {
  /// The longest delay that a receiver can request.
  Duration MAX_RETRY_AFTER = Duration.ofHours(24);

  /// The receiver sent a response. Its status decides whether the delivery succeeded.
  ///
  /// @param retryAfter the delay that the receiver requested with status 429 or 503
  record Responded(ReceiverResponse response, Optional<Duration> retryAfter) implements Outcome {
    private static final Set<Integer> OVERLOADED_STATUSES = Set.of(429, 502, 503, 504);

    public static Responded of(int status) {
      return new Responded(new ReceiverResponse(status, List.of(), "", false), Optional.empty());
    }

    /// Returns whether the status is a sign that the receiver is overloaded.
    boolean isOverloaded() {
      return OVERLOADED_STATUSES.contains(response.status());
    }
  }

  /// The receiver sent no response.
  ///
  /// @param detail a sentence that tells the receiver's developer what to do
  record NoResponse(Cause cause, String detail) implements Outcome {}

  /// The endpoint resolved to an address that Runhook may not call.
  record Blocked(String rule) implements Outcome {}

  /// An error in Runhook: a bug, or a process that stopped before it received the response. It
  /// counts as an attempt, but not as a failure of the receiver.
  record InternalFailure(String detail) implements Outcome {}

  /// Why there was no response.
  enum Cause {
    TIMEOUT,
    CONNECTION_REFUSED,
    CONNECTION_RESET,
    DNS_FAILURE,
    TLS_FAILURE,
    MALFORMED_RESPONSE
  }

  /// The outcome's name in the API.
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

  /// Returns the outcome of an attempt that got no response, from its code and its detail.
  ///
  /// @throws IllegalArgumentException if the code is that of a response
  static Outcome withoutResponse(Code code, String detail) {
    return switch (code) {
      case DELIVERED, REJECTED -> throw new IllegalArgumentException(code + " has a response");
      case BLOCKED_ADDRESS -> new Blocked(detail);
      case INTERNAL_ERROR -> new InternalFailure(detail);
      case TIMEOUT,
          CONNECTION_REFUSED,
          CONNECTION_RESET,
          DNS_FAILURE,
          TLS_FAILURE,
          MALFORMED_RESPONSE ->
          new NoResponse(Cause.valueOf(code.name()), detail);
    };
  }

  default boolean isDelivered() {
    return code() == Code.DELIVERED;
  }

  /// Returns whether the attempt counts against the receiver. An internal error does not, and
  /// neither does a delivery that the receiver refuses for good.
  default boolean countsAsFailure() {
    return !isDelivered() && !isAborted() && !(this instanceof InternalFailure);
  }

  /// Returns whether the receiver refuses the delivery for good.
  default boolean isAborted() {
    return this instanceof Responded(ReceiverResponse response, var ignored) && response.isAbort();
  }

  /// Returns whether the receiver wants no more deliveries: it responded with status 410 Gone.
  default boolean isGone() {
    return this instanceof Responded(ReceiverResponse response, var ignored) && response.isGone();
  }

  /// Returns the webhook with the health that it has after an attempt with this outcome.
  ///
  /// @param isProbe whether the attempt started while the webhook was paused
  /// @param now by the store's clock
  default Webhook applyTo(Webhook webhook, boolean isProbe, Instant now, PausePolicy policy) {
    if (isDelivered()) {
      return webhook.succeeded();
    }
    if (!countsAsFailure()) {
      return isAborted() ? webhook.refused() : webhook;
    }
    if (isGone()) {
      return webhook.disabledByReceiver(now);
    }
    String error = error().orElse(code().name());
    return webhook.failed(new FailedAttempt(now, error, isProbe, requestedDelay()), policy);
  }

  /// Returns how long an overloaded receiver asks to be left alone, at most [#MAX_RETRY_AFTER].
  default Optional<Duration> requestedDelay() {
    return this instanceof Responded responded && responded.isOverloaded()
        ? responded
            .retryAfter()
            .map(delay -> delay.compareTo(MAX_RETRY_AFTER) > 0 ? MAX_RETRY_AFTER : delay)
        : Optional.empty();
  }

  default Code code() {
    return switch (this) {
      case Responded(ReceiverResponse response, var ignored) ->
          response.isSuccess() ? Code.DELIVERED : Code.REJECTED;
      case NoResponse(Cause cause, var ignored) -> Code.valueOf(cause.name());
      case Blocked ignored -> Code.BLOCKED_ADDRESS;
      case InternalFailure ignored -> Code.INTERNAL_ERROR;
    };
  }

  /// Returns a sentence that explains the failure, or nothing if the delivery succeeded.
  default Optional<String> error() {
    return switch (this) {
      case Responded(ReceiverResponse response, var ignored) ->
          response.isSuccess() ? Optional.empty() : Optional.of(error(response));
      case NoResponse(var ignored, String detail) -> Optional.of(detail);
      case Blocked(String rule) -> Optional.of("the endpoint may not be called: " + rule);
      case InternalFailure(String detail) -> Optional.of(detail);
    };
  }

  private static String error(ReceiverResponse response) {
    return response.isAbort()
        ? "the receiver responded with status %d and \"webhook-delivery: abort-message\""
            .formatted(response.status())
        : statusError(response.status());
  }

  /// Explains a status other than 2xx to the receiver's developer.
  private static String statusError(int status) {
    String sentence = "the receiver responded with status " + status;
    return switch (status) {
      case 401, 403 ->
          sentence + "; check its access rules and whether it verifies with this webhook's secret";
      case 404, 405 -> sentence + "; check that the endpoint's path accepts POST";
      case 410 -> sentence + " Gone, which disables a webhook";
      case 429 ->
          sentence + "; it requested fewer deliveries, so the next attempt is delayed longer";
      default ->
          status >= 300 && status < 400
              ? sentence + "; redirects are not followed, so set the endpoint to the final URL"
              : sentence + " instead of 2xx";
    };
  }
}
