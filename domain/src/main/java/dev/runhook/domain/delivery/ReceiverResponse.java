package dev.runhook.domain.delivery;

import dev.runhook.domain.signing.Header;
import java.util.List;

/// What a receiver answered.
///
/// @param status the HTTP status, 100 to 999
/// @param bodyStart the first bytes of the body, at most 16 KiB, read as UTF-8
/// @param truncated whether there was more
public record ReceiverResponse(
    int status, List<Header> headers, String bodyExcerpt, boolean truncated) {
  public ReceiverResponse {
    headers = List.copyOf(headers);
  }

  public static ReceiverResponse of(int status) {
    return new ReceiverResponse(status, List.of(), "", false);
  }

  public boolean isSuccess() {
    return status >= 200 && status < 300;
  }
}
