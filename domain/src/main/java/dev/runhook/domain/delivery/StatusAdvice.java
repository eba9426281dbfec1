package dev.runhook.domain.delivery;

/// What a receiver's developer should make of a status that is no success.
final class StatusAdvice {
  private StatusAdvice() {}

  static String forStatus(int status) {
    String answered = "the receiver answered " + status;
    return switch (status) {
      case 401, 403 ->
          answered + "; check its access rules and whether it verifies with this webhook's secret";
      case 404, 405 -> answered + "; check that the endpoint's path accepts POST";
      case 410 -> answered + " Gone, so the webhook was disabled";
      case 429 -> answered + "; it asks for fewer deliveries, so the next attempt waits longer";
      default ->
          status >= 300 && status < 400
              ? answered + "; redirects are not followed, so give the final URL as the endpoint"
              : answered + " where 2xx was expected";
    };
  }
}
