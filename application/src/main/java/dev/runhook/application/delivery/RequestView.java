package dev.runhook.application.delivery;

import dev.runhook.domain.signing.Header;
import dev.runhook.domain.webhook.Endpoint;
import java.util.List;

/// The request of one attempt as shown to users, without its body.
///
/// @param attempt the number of the attempt
public record RequestView(Source source, int attempt, Endpoint endpoint, List<Header> headers) {
  public RequestView {
    headers = List.copyOf(headers);
  }

  /// How the request is known.
  public enum Source {
    /// The request was sent with exactly these headers.
    SENT,
    /// The request is reconstructed from the webhook's current settings, because the sent request
    /// is unknown or none was sent.
    RECONSTRUCTED,
    /// No attempt has finished yet. The request would be sent like this now.
    PREVIEW
  }
}
