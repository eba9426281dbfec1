package dev.runhook.outbound.format;

import com.fasterxml.jackson.databind.JsonNode;
import dev.runhook.domain.event.Event;
import dev.runhook.outbound.format.ChatMessage.Fact;
import dev.runhook.outbound.format.ChatMessage.Link;
import dev.runhook.outbound.format.ChatMessage.Tone;
import java.net.URI;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What a person reads about an operational event.
final class OperationalMessage {
  private OperationalMessage() {}

  static ChatMessage of(Event.Kind kind, JsonNode payload, Optional<URI> publicUrl) {
    JsonNode webhook = payload.path("webhook");
    String name = webhook.path("name").asText();
    String subject = name.isBlank() ? webhook.path("endpoint").asText() : name;
    String title = title(kind).formatted(subject, payload.at("/stack/name").asText());
    return new ChatMessage(
        ChatMessage.shorten(title, ChatMessage.MAX_TITLE),
        tone(kind),
        facts(payload),
        publicUrl
            .map(base -> List.of(new Link("Open in Runhook", page(base, payload))))
            .orElse(List.of()));
  }

  private static String title(Event.Kind kind) {
    return switch (kind) {
      case WEBHOOK_PAUSED -> "Webhook %s on %s paused";
      case WEBHOOK_RESUMED -> "Webhook %s on %s resumed";
      case WEBHOOK_DISABLED -> "Webhook %s on %s disabled";
      case DELIVERY_FAILED -> "Delivery to %s on %s failed";
      case SECRET_ROTATED -> "Secret of %s on %s rotated";
      case QUEUE_LAGGING -> "Deliveries to %s on %s are late";
      case RUN_STATE_CHANGED, PING, TEST -> throw new IllegalArgumentException(kind.name());
    };
  }

  private static Tone tone(Event.Kind kind) {
    return switch (kind) {
      case WEBHOOK_RESUMED -> Tone.GOOD;
      case WEBHOOK_DISABLED, QUEUE_LAGGING -> Tone.WARNING;
      case WEBHOOK_PAUSED, DELIVERY_FAILED -> Tone.BAD;
      case SECRET_ROTATED, RUN_STATE_CHANGED, PING, TEST -> Tone.NEUTRAL;
    };
  }

  private static List<Fact> facts(JsonNode payload) {
    JsonNode details = payload.path("details");
    List<Fact> facts = new ArrayList<>();
    add(facts, "Endpoint", payload.at("/webhook/endpoint").asText());
    add(facts, "Cause", cause(payload.path("event").asText(), details));
    add(facts, "Error", details.path("error").asText());
    add(facts, "Consecutive failures", details.path("failures").asText());
    add(facts, "Next probe", time(details.path("nextProbeAt")));
    add(facts, "Run", text(details.path("run")));
    add(facts, "State", text(details.path("state")));
    add(facts, "Attempts", details.path("attempts").asText());
    add(facts, "Previous secret is valid until", time(details.path("previousSecretExpiresAt")));
    add(facts, "Due since", time(details.path("dueSince")));
    return List.copyOf(facts);
  }

  private static void add(List<Fact> facts, String name, String value) {
    ChatMessage.add(facts, name, value, Optional.empty());
  }

  private static String cause(String event, JsonNode details) {
    if (details.hasNonNull("by")) {
      return details.path("by").asText();
    }
    return switch (details.path("cause").asText()) {
      case "USER" -> "a user";
      case "RECEIVER" ->
          event.equals(Event.Kind.WEBHOOK_DISABLED.wireName())
              ? "the receiver responded with 410 Gone"
              : "the receiver works again";
      default -> "";
    };
  }

  private static String text(JsonNode value) {
    return value.isNull() ? "" : value.asText();
  }

  private static String time(JsonNode seconds) {
    return seconds.isNumber() ? Instant.ofEpochSecond(seconds.asLong()).toString() : "";
  }

  /// Returns the delivery that failed, or else the webhook.
  private static String page(URI base, JsonNode payload) {
    String webhook =
        "%s/#/stacks/%s/settings/integrations/%s"
            .formatted(base, payload.at("/stack/id").asText(), payload.at("/webhook/id").asText());
    JsonNode delivery = payload.at("/details/delivery");
    return delivery.isTextual() ? webhook + "/deliveries/" + delivery.asText() : webhook;
  }
}
