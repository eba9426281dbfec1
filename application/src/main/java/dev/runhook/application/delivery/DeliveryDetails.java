package dev.runhook.application.delivery;

import dev.runhook.domain.delivery.Attempt;
import dev.runhook.domain.delivery.Delivery;
import dev.runhook.domain.event.StoredPayload;
import dev.runhook.domain.run.StackId;
import dev.runhook.domain.signing.Header;
import dev.runhook.domain.text.Explanation;
import dev.runhook.domain.webhook.Endpoint;
import java.util.List;
import java.util.Optional;

/// A delivery as shown to users.
///
/// @param request the request of the latest finished attempt, or a preview if there is none
/// @param attempts the latest finished attempts, ordered by number
/// @param explanation why the delivery has its status, in chronological order
public record DeliveryDetails(
    StackId stack,
    Delivery delivery,
    RequestView request,
    List<AttemptView> attempts,
    List<Explanation> explanation) {
  public DeliveryDetails {
    attempts = List.copyOf(attempts);
    explanation = List.copyOf(explanation);
  }

  /// Returns whether the delivery has earlier attempts than the first of these.
  public boolean hasEarlierAttempts() {
    return !attempts.isEmpty() && attempts.getFirst().attempt().number() > 1;
  }

  /// A finished attempt and its request, if that is known.
  public record AttemptView(Attempt attempt, Optional<RequestView> request) {}

  /// The request of one attempt as shown to users. The values of custom headers are masked.
  ///
  /// @param attempt the number of the attempt
  public record RequestView(
      Source source, int attempt, Endpoint endpoint, List<Header> headers, StoredPayload body) {
    public RequestView {
      headers = List.copyOf(headers);
    }

    /// How the request is known.
    public enum Source {
      /// The request was sent with these headers.
      SENT,
      /// The request is reconstructed from the webhook's current settings, because the sent request
      /// is unknown or none was sent.
      RECONSTRUCTED,
      /// No attempt has finished yet. The request would be sent like this now.
      PREVIEW
    }
  }
}
