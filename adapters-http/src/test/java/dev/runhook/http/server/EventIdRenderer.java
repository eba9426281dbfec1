package dev.runhook.http.server;

import dev.runhook.application.spi.delivery.DeliveryContent;
import dev.runhook.application.spi.delivery.PayloadRenderer;
import dev.runhook.domain.event.Event;
import dev.runhook.domain.event.Payload;
import dev.runhook.domain.webhook.DeliverySettings;
import dev.runhook.testkit.PlainPayloadRenderer;
import java.util.Optional;

/// Renders the id of an event, and other formats as the test kit does.
final class EventIdRenderer implements PayloadRenderer {
  private final PlainPayloadRenderer plain = new PlainPayloadRenderer();

  @Override
  public Payload render(Event event) {
    return Payload.of("{\"event\":\"" + event.id() + "\"}");
  }

  @Override
  public Payload render(DeliveryContent content, DeliverySettings settings) {
    return plain.render(content, settings);
  }

  @Override
  public Optional<String> findTemplateError(String template) {
    return plain.findTemplateError(template);
  }
}
