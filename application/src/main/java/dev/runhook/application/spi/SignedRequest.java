package dev.runhook.application.spi;

import dev.runhook.domain.event.Payload;
import dev.runhook.domain.signing.Header;
import dev.runhook.domain.webhook.Endpoint;
import java.time.Duration;
import java.util.List;

/// A POST request as it is sent, without the headers that HTTP itself adds (`Host`,
/// `Content-Length`).
///
/// @param timeout the timeout of the whole exchange, from connecting to the last byte
public record SignedRequest(
    Endpoint endpoint, List<Header> headers, Payload payload, Duration timeout) {
  public SignedRequest {
    headers = List.copyOf(headers);
  }
}
