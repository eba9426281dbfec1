package dev.runhook.application.dispatch;

import dev.runhook.application.spi.delivery.DeliveryContent;
import dev.runhook.application.spi.delivery.PayloadRenderer;
import dev.runhook.application.spi.delivery.RenderingException;
import dev.runhook.domain.event.Format;
import dev.runhook.domain.event.Payload;
import dev.runhook.domain.webhook.DeliverySettings;
import java.util.Optional;

/// What an attempt sends: the event in the format that its webhook has when the attempt starts.
///
/// @param error why it is Runhook's payload instead, as a sentence for users; absent if it is not
public record AttemptPayload(Payload payload, Optional<String> error) {
  /// Renders the event. Call this outside of any transaction: a user's template may take long.
  public static AttemptPayload of(
      PayloadRenderer renderer, DeliveryContent content, DeliverySettings settings) {
    try {
      Payload payload =
          needsRendering(content, settings)
              ? renderer.render(content, settings)
              : content.payload();
      return new AttemptPayload(payload, Optional.empty());
    } catch (RenderingException e) {
      return new AttemptPayload(content.payload(), Optional.of(String.valueOf(e.getMessage())));
    }
  }

  /// Returns whether these settings send something else than the event's payload.
  ///
  /// An event that the format has no message for keeps Runhook's payload. For example, PagerDuty
  /// would open an alert for a run that waits.
  static boolean needsRendering(DeliveryContent content, DeliverySettings settings) {
    Format format = settings.format();
    if (format == Format.RUNHOOK) {
      return settings.includeChanges() && content.changes().isPresent();
    }
    return format.sends(content.kind())
        && content.transition().map(ref -> format.sends(ref.state())).orElse(true);
  }
}
