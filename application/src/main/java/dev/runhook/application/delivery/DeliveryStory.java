package dev.runhook.application.delivery;

import dev.runhook.domain.delivery.Attempt;
import dev.runhook.domain.delivery.Delivery;
import dev.runhook.domain.event.Body;
import dev.runhook.domain.run.StackId;
import dev.runhook.domain.signing.Header;
import java.util.List;

/// One delivery with all that people ask of it.
///
/// @param headers as sent with the last attempt; as they would be sent now where there was none;
///   without signatures where the body is forgotten
/// @param explain why it stands as it does, in the order things were decided
public record DeliveryStory(
    StackId stack,
    Delivery delivery,
    List<Header> headers,
    Body body,
    List<Attempt> attempts,
    List<String> explain) {
  public DeliveryStory {
    headers = List.copyOf(headers);
    attempts = List.copyOf(attempts);
    explain = List.copyOf(explain);
  }
}
