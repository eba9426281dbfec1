package dev.runhook.bootstrap.receiver;

import dev.runhook.domain.event.Payload;
import java.util.Map;

/// What a delivery is answered.
///
/// @param remark why so, for people; empty where that goes without saying
public record DeliveryResponse(
    int status, Map<String, String> headers, Payload body, String detail) {
  public DeliveryResponse {
    headers = Map.copyOf(headers);
  }

  static DeliveryResponse of(int status, String remark) {
    return new DeliveryResponse(status, Map.of(), Payload.of(""), remark);
  }

  /// As a receiver should: 204 when it is verified, 401 when not.
  static DeliveryResponse byVerification(ReceivedDelivery receivedDelivery) {
    return of(receivedDelivery.verification().isVerified() ? 204 : 401, "");
  }
}
