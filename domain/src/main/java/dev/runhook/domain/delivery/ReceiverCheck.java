package dev.runhook.domain.delivery;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What a test of a receiver has found.
///
/// @param name what was checked, in words with hyphens
/// @param detail a sentence for the receiver's developer: what is wrong and how to fix it, or why
///   the check was skipped; absent if there is nothing to say
public record ReceiverCheck(String name, Result result, Optional<String> detail) {
  /// The longest time within which a receiver should respond.
  public static final Duration MAX_RESPONSE_TIME = Duration.ofSeconds(1);

  private static final int MIN_ERROR = 400;
  private static final int MAX_CLIENT_ERROR = 499;
  private static final int TOO_MANY_REQUESTS = 429;

  public static final String NAME_RESOLVES = "name-resolves";
  public static final String TLS = "tls";
  public static final String RESPONDS = "responds-with-2xx";
  public static final String FAST = "responds-within-a-second";
  public static final String VERIFIES = "verifies-signatures";

  public enum Result {
    PASSED,
    FAILED,
    /// The check does not apply, or an earlier failure prevents it.
    SKIPPED
  }

  public static ReceiverCheck passed(String name) {
    return new ReceiverCheck(name, Result.PASSED, Optional.empty());
  }

  public static ReceiverCheck failed(String name, String detail) {
    return new ReceiverCheck(name, Result.FAILED, Optional.of(detail));
  }

  public static ReceiverCheck skipped(String name, String detail) {
    return new ReceiverCheck(name, Result.SKIPPED, Optional.of(detail));
  }

  /// Returns whether a receiver can be reached and accepts a delivery in time.
  ///
  /// @param isTls whether the endpoint is an https URL
  /// @param outcome of a signed request
  /// @param duration from the start of that request to its outcome
  public static List<ReceiverCheck> ofDelivery(boolean isTls, Outcome outcome, Duration duration) {
    List<ReceiverCheck> checks = new ArrayList<>();
    String error = outcome.error().orElse("");
    if (outcome instanceof Outcome.InternalFailure) {
      for (String name : List.of(NAME_RESOLVES, TLS, RESPONDS, FAST)) {
        checks.add(skipped(name, error));
      }
      return checks;
    }
    boolean isResolved = isResolved(outcome);
    checks.add(isResolved ? passed(NAME_RESOLVES) : failed(NAME_RESOLVES, error));
    checks.add(tls(isTls, outcome));
    boolean isConnected = isResolved && outcome.code() != Outcome.Code.TLS_FAILURE;
    checks.add(
        outcome.isDelivered()
            ? passed(RESPONDS)
            : isConnected ? failed(RESPONDS, error) : skipped(RESPONDS, "no request was sent"));
    checks.add(
        outcome instanceof Outcome.Responded
            ? fast(duration)
            : skipped(FAST, "there was no response"));
    return checks;
  }

  private static boolean isResolved(Outcome outcome) {
    return outcome.code() != Outcome.Code.DNS_FAILURE && !(outcome instanceof Outcome.Blocked);
  }

  private static ReceiverCheck tls(boolean isTls, Outcome outcome) {
    if (!isTls) {
      return skipped(TLS, "the endpoint is an http URL: others can read what is sent to it");
    }
    return switch (outcome.code()) {
      case DELIVERED, REJECTED, MALFORMED_RESPONSE -> passed(TLS);
      case TLS_FAILURE -> failed(TLS, outcome.error().orElse(""));
      case TIMEOUT,
          CONNECTION_REFUSED,
          CONNECTION_RESET,
          DNS_FAILURE,
          BLOCKED_ADDRESS,
          INTERNAL_ERROR ->
          skipped(TLS, "there was no response");
    };
  }

  /// Returns whether a receiver that took this long responds in time.
  public static ReceiverCheck fast(Duration duration) {
    String took = "the response took " + duration.toMillis() + " ms";
    return duration.compareTo(MAX_RESPONSE_TIME) <= 0
        ? new ReceiverCheck(FAST, Result.PASSED, Optional.of(took))
        : failed(
            FAST, took + "; respond first, then process the delivery, so that others do not wait");
  }

  /// Returns whether the receiver refused a forged request, after it has accepted a signed one.
  ///
  /// @param outcome of a request that is like a delivery, except that no signature is valid
  public static ReceiverCheck ofForgery(Outcome outcome) {
    return ofRefusal(
        VERIFIES, "forged requests", "require that webhook-signature matches", outcome);
  }

  /// Returns whether the receiver refused a request that it must not accept.
  ///
  /// @param sent what was sent, in the plural
  /// @param fix what the receiver must require
  public static ReceiverCheck ofRefusal(String name, String sent, String fix, Outcome outcome) {
    if (isRefusal(outcome)) {
      return passed(name);
    }
    String advice = fix + ", and respond with 401 otherwise";
    String found =
        outcome instanceof Outcome.Responded(var response, var ignored)
            ? response.isSuccess()
                ? "accepts %s; %s".formatted(sent, advice)
                : "responds to %s with status %d; %s".formatted(sent, response.status(), advice)
            : "does not respond to %s (%s); %s".formatted(sent, outcome.error().orElse(""), advice);
    return findReasonToSkip(outcome)
        .map(reason -> skipped(name, reason))
        .orElseGet(() -> failed(name, "your receiver " + found));
  }

  /// Returns whether the receiver refused the request for what it is: with 4xx except 429.
  public static boolean isRefusal(Outcome outcome) {
    return outcome instanceof Outcome.Responded(var response, var ignored)
        && response.status() >= MIN_ERROR
        && response.status() <= MAX_CLIENT_ERROR
        && response.status() != TOO_MANY_REQUESTS;
  }

  /// Returns why an outcome does not show how the receiver handles the request, if it does not: the
  /// receiver did not get it, or did not look at it.
  public static Optional<String> findReasonToSkip(Outcome outcome) {
    if (outcome instanceof Outcome.Responded(var response, var ignored)
        && response.status() == TOO_MANY_REQUESTS) {
      return Optional.of("the receiver limits requests (status 429); try again later");
    }
    return outcome instanceof Outcome.InternalFailure || !isResolved(outcome)
        ? outcome.error()
        : Optional.empty();
  }
}
