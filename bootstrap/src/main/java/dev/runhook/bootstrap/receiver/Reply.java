package dev.runhook.bootstrap.receiver;

import dev.runhook.domain.event.Payload;
import java.util.Map;

/// What a delivery is answered.
///
/// @param remark why so, for people; empty where that goes without saying
public record Reply(int status, Map<String, String> headers, Payload body, String remark) {
  public Reply {
    headers = Map.copyOf(headers);
  }

  static Reply of(int status, String remark) {
    return new Reply(status, Map.of(), Payload.of(""), remark);
  }

  /// As a receiver should: 204 when it is verified, 401 when not.
  static Reply honest(Received received) {
    return of(received.verification().isVerified() ? 204 : 401, "");
  }
}
