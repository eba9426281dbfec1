package dev.runhook.domain.delivery;

import dev.runhook.domain.signing.Header;
import java.util.List;

/// A receiver's HTTP response.
///
/// @param status the HTTP status, 100 to 999
/// @param bodyExcerpt at most the first 16 KiB of the body, decoded as UTF-8
/// @param truncated whether the body was longer
public record ReceiverResponse(
    int status, List<Header> headers, String bodyExcerpt, boolean truncated) {
  public ReceiverResponse {
    headers = List.copyOf(headers);
  }

  public boolean isSuccess() {
    return isSuccess(status);
  }

  /// Returns whether the receiver refuses the delivery for good: it sent the header
  /// `webhook-delivery: abort-message` with a status other than 2xx and 410.
  public boolean isAbort() {
    return !isSuccess()
        && !isGone()
        && headers.stream()
            .anyMatch(header ->
                header.name().equalsIgnoreCase("webhook-delivery")
                    && header.value().strip().equalsIgnoreCase("abort-message"));
  }

  /// Returns whether the receiver wants no more deliveries.
  public boolean isGone() {
    return status == 410;
  }

  /// Returns whether a response with this status accepts the delivery.
  public static boolean isSuccess(int status) {
    return status >= 200 && status < 300;
  }
}
