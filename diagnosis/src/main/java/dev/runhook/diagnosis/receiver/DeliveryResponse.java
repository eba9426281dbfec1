package dev.runhook.diagnosis.receiver;

import dev.runhook.domain.event.Payload;
import java.util.Map;

/// The response of a receiver to a delivery.
///
/// @param detail the reason for users; empty if it is obvious
public record DeliveryResponse(
    int status, Map<String, String> headers, Payload body, String detail) {
  public DeliveryResponse {
    headers = Map.copyOf(headers);
  }

  static DeliveryResponse of(int status, String detail) {
    return new DeliveryResponse(status, Map.of(), Payload.of(""), detail);
  }

  /// Returns 204 for a verified delivery and 401 for any other.
  static DeliveryResponse byVerification(ReceivedDelivery delivery) {
    return of(delivery.verification().isVerified() ? 204 : 401, "");
  }
}
