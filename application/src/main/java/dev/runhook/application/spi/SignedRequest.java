package dev.runhook.application.spi;

import dev.runhook.domain.event.Payload;
import dev.runhook.domain.signing.Header;
import dev.runhook.domain.webhook.Endpoint;
import java.time.Duration;
import java.util.List;

/// A POST as it goes on the wire, but for what the HTTP protocol itself adds (`Host`,
/// `Content-Length`).
///
/// @param timeout of the whole exchange, from connect to last byte
public record SignedRequest(
    Endpoint endpoint, List<Header> headers, Payload payload, Duration timeout) {
  public SignedRequest {
    headers = List.copyOf(headers);
  }
}
