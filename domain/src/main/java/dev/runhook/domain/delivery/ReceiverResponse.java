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

  /// Returns whether a response with this status accepts the delivery.
  public static boolean isSuccess(int status) {
    return status >= 200 && status < 300;
  }
}
