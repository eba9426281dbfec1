package dev.runhook.application.delivery;

import dev.runhook.domain.signing.Header;
import dev.runhook.domain.webhook.Endpoint;
import java.util.List;

/// The request of one attempt, for people; all but its body.
///
/// @param attempt the number of the attempt that it is of
public record RequestView(Source source, int attempt, Endpoint endpoint, List<Header> headers) {
  public RequestView {
    headers = List.copyOf(headers);
  }

  /// How it is known.
  public enum Source {
    /// It was sent so, byte for byte.
    SENT,
    /// It is worked out from the webhook as it is now: what was sent is not known, or nothing was.
    RECONSTRUCTED,
    /// No attempt has ended yet: it would be sent so now.
    PREVIEW
  }
}
