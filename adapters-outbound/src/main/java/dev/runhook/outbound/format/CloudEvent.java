package dev.runhook.outbound.format;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.runhook.application.spi.DeliveryContent;
import dev.runhook.domain.delivery.Delivery.TransitionRef;
import java.time.Instant;
import java.util.Optional;

/// Builds CloudEvents 1.0 in the structured JSON format.
final class CloudEvent {
  private CloudEvent() {}

  static ObjectNode of(DeliveryContent content, JsonNode payload) {
    ObjectNode event =
        JsonNodeFactory.instance
            .objectNode()
            .put("specversion", "1.0")
            .put("id", content.event().toString())
            .put("source", source(payload))
            .put("type", "dev.runhook." + content.kind().eventName());
    subject(content, payload).ifPresent(subject -> event.put("subject", subject));
    event
        .put("time", Instant.ofEpochSecond(payload.path("timestamp").asLong()).toString())
        .put("datacontenttype", "application/json")
        .set("data", payload);
    return event;
  }

  private static Optional<String> subject(DeliveryContent content, JsonNode payload) {
    return content.kind().isOperational()
        ? Optional.of(payload.at("/webhook/id").asText())
        : content.transition().map(TransitionRef::run);
  }

  private static String source(JsonNode payload) {
    return "/accounts/%s/stacks/%s"
        .formatted(payload.path("account").asText(), payload.at("/stack/id").asText());
  }
}
