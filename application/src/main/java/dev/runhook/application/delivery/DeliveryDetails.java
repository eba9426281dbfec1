package dev.runhook.application.delivery;

import dev.runhook.domain.delivery.Attempt;
import dev.runhook.domain.delivery.Delivery;
import dev.runhook.domain.event.StoredPayload;
import dev.runhook.domain.run.StackId;
import java.util.List;
import java.util.Map;

/// One delivery with all that people ask of it.
///
/// @param request of the latest attempt that has ended; what would be sent now where none has
/// @param sent the requests of the attempts of which they are known, by number
/// @param explain why it stands as it does, in the order things were decided
public record DeliveryDetails(
    StackId stack,
    Delivery delivery,
    RequestView request,
    StoredPayload payload,
    List<Attempt> attempts,
    Map<Integer, RequestView> sentRequests,
    List<String> explanation) {
  public DeliveryDetails {
    attempts = List.copyOf(attempts);
    sentRequests = Map.copyOf(sentRequests);
    explanation = List.copyOf(explanation);
  }
}
