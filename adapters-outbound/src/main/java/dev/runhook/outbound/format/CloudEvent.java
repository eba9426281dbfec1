package dev.runhook.outbound.format;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.runhook.application.spi.delivery.DeliveryContent;
import java.time.Instant;

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
    JsonNode subject = payload.at(content.kind().isOperational() ? "/webhook/id" : "/run/id");
    if (subject.isTextual()) {
      event.set("subject", subject);
    }
    event
        .put("time", Instant.ofEpochSecond(payload.path("timestamp").asLong()).toString())
        .put("datacontenttype", "application/json")
        .set("data", payload);
    return event;
  }

  private static String source(JsonNode payload) {
    return "/accounts/%s/stacks/%s"
        .formatted(payload.path("account").asText(), payload.at("/stack/id").asText());
  }
}
