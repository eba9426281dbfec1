package dev.runhook.application.spi.delivery;

import dev.runhook.domain.event.Event;
import dev.runhook.domain.event.Payload;
import dev.runhook.domain.webhook.DeliverySettings;
import java.util.Optional;

/// Renders events as the bytes that receivers get. Thread-safe.
public interface PayloadRenderer {
  /// Returns the event in the format [Format#RUNHOOK]. The payload of an event is always the same.
  /// Called once, in the transaction that records the event; an exception rolls it back.
  Payload render(Event event);

  /// Returns the event in another format, or the payload of the content if the renderer does not
  /// know that format. Called at the start of each attempt, outside of any transaction. It must
  /// limit the work that a template can cause. After an exception, the attempt sends the payload of
  /// the content.
  ///
  /// @param content has the payload that [#render(Event)] has returned
  /// @param settings have the format and, if it needs one, a template
  /// @throws RenderingException if the template fails, or takes too long
  default Payload render(DeliveryContent content, DeliverySettings settings) {
    return content.payload();
  }

  /// Returns why a template cannot render events, as a sentence for users; empty if it can.
  default Optional<String> findTemplateError(String template) {
    return Optional.of("this installation of Runhook renders no templates");
  }
}
