package dev.runhook.application.delivery;

import dev.runhook.domain.delivery.Attempt;
import dev.runhook.domain.delivery.Delivery;
import dev.runhook.domain.event.Body;
import dev.runhook.domain.run.StackId;
import java.util.List;
import java.util.Map;

/// One delivery with all that people ask of it.
///
/// @param request of the latest attempt that has ended; what would be sent now where none has
/// @param sent the requests of the attempts of which they are known, by number
/// @param explain why it stands as it does, in the order things were decided
public record DeliveryStory(
    StackId stack,
    Delivery delivery,
    ShownRequest request,
    Body body,
    List<Attempt> attempts,
    Map<Integer, ShownRequest> sent,
    List<String> explain) {
  public DeliveryStory {
    attempts = List.copyOf(attempts);
    sent = Map.copyOf(sent);
    explain = List.copyOf(explain);
  }
}
