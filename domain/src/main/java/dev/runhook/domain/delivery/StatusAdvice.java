package dev.runhook.domain.delivery;

/// Explains a status other than 2xx to the receiver's developer.
final class StatusAdvice {
  private StatusAdvice() {}

  static String forStatus(int status) {
    String sentence = "the receiver responded with status " + status;
    return switch (status) {
      case 401, 403 ->
          sentence + "; check its access rules and whether it verifies with this webhook's secret";
      case 404, 405 -> sentence + "; check that the endpoint's path accepts POST";
      case 410 -> sentence + " Gone, so the webhook was disabled";
      case 429 ->
          sentence + "; it requested fewer deliveries, so the next attempt is delayed longer";
      default ->
          status >= 300 && status < 400
              ? sentence + "; redirects are not followed, so set the endpoint to the final URL"
              : sentence + " instead of 2xx";
    };
  }
}
