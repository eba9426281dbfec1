package dev.runhook.testkit.contract.transport;

import dev.runhook.application.spi.delivery.Transport.SignedRequest;
import dev.runhook.domain.event.Payload;
import dev.runhook.domain.signing.Header;
import dev.runhook.domain.webhook.Endpoint;
import dev.runhook.testkit.Samples;
import java.time.Duration;
import java.util.List;

/// Requests for the contracts of transports.
final class SampleRequests {
  private SampleRequests() {}

  static SignedRequest request(Endpoint endpoint, Payload payload, Duration timeout) {
    List<Header> headers =
        List.of(
            new Header("Content-Type", "application/json"),
            new Header("X-Signature-256", "sha256=0a1b"));
    return new SignedRequest(Samples.ACME, endpoint, headers, payload, timeout);
  }

  /// Returns a payload that contains every byte, so that it is not text in UTF-8.
  static Payload everyByte(int length) {
    byte[] bytes = new byte[length];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) (i ^ (i >> 8)); // no two blocks of 256 are equal in a row
    }
    return Payload.of(bytes);
  }
}
