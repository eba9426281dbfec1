package dev.runhook.outbound.format;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.runhook.domain.event.Event;
import dev.runhook.domain.run.RunState;
import dev.runhook.domain.run.RunType;
import dev.runhook.domain.webhook.PagerDutyKey;
import dev.runhook.outbound.format.ChatMessage.Link;
import dev.runhook.outbound.format.ChatMessage.Tone;
import java.time.Instant;
import java.util.List;
import java.util.Locale;

/// Builds events for PagerDuty's Events API v2. The runs of a stack share an alert: the one that
/// fails triggers it, and the next one that finishes resolves it. Runs that only propose or test
/// changes have an alert of their own, so that they never resolve that of a deployment.
///
/// Operational events share an alert for each webhook, which a resumed webhook resolves.
///
/// A ping resolves an alert that does not exist, which has no effect.
final class PagerDutyEvent {
  private PagerDutyEvent() {}

  static ObjectNode of(Event.Kind kind, JsonNode payload, ChatMessage message) {
    ObjectNode json =
        JsonNodeFactory.instance
            .objectNode()
            .put(PagerDutyKey.FIELD, PagerDutyKey.MASK)
            .put("event_action", resolves(kind, payload) ? "resolve" : "trigger")
            .put("dedup_key", dedupKey(kind, payload))
            .put("client", "Runhook");
    addLinks(json, message.links());
    ObjectNode details =
        json.putObject("payload")
            .put("summary", message.title())
            .put("source", stackOf(payload))
            .put("severity", severity(kind, payload, message.tone()))
            .put("timestamp", Instant.ofEpochSecond(payload.path("timestamp").asLong()).toString())
            .put("component", payload.at("/stack/id").asText())
            .put("group", payload.path("account").asText())
            .put("class", kind.eventName())
            .putObject("custom_details");
    message.facts().forEach(fact -> details.put(fact.name(), fact.value()));
    return json;
  }

  private static void addLinks(ObjectNode json, List<Link> links) {
    if (links.isEmpty()) {
      return;
    }
    json.put("client_url", links.getLast().url());
    ArrayNode array = json.putArray("links");
    links.forEach(link -> array.addObject().put("href", link.url()).put("text", link.text()));
  }

  private static boolean resolves(Event.Kind kind, JsonNode payload) {
    return kind == Event.Kind.PING
        || kind == Event.Kind.WEBHOOK_RESUMED
        || is(payload.path("state"), RunState.FINISHED.name());
  }

  /// At most 255 characters. An id contains no slash.
  private static String dedupKey(Event.Kind kind, JsonNode payload) {
    String stack = "runhook/" + stackOf(payload);
    if (kind.isOperational()) {
      return stack + "/webhooks/" + payload.at("/webhook/id").asText();
    }
    if (kind != Event.Kind.RUN_STATE_CHANGED) {
      return stack + "/" + kind.wireName();
    }
    return isTrial(payload)
        ? stack + "/" + runType(payload).asText().toLowerCase(Locale.ROOT)
        : stack;
  }

  private static String severity(Event.Kind kind, JsonNode payload, Tone tone) {
    if (kind == Event.Kind.TEST) {
      return "info";
    }
    return switch (tone) {
      case BAD -> isTrial(payload) ? "warning" : "error";
      case WARNING -> "warning";
      case NEUTRAL, GOOD -> "info";
    };
  }

  /// Returns whether the run only proposes or tests changes.
  private static boolean isTrial(JsonNode payload) {
    JsonNode type = runType(payload);
    return is(type, RunType.PROPOSED.name()) || is(type, RunType.TESTING.name());
  }

  private static JsonNode runType(JsonNode payload) {
    return payload.at("/run/type");
  }

  private static boolean is(JsonNode node, String text) {
    return node.asText().equals(text);
  }

  private static String stackOf(JsonNode payload) {
    return payload.path("account").asText() + "/" + payload.at("/stack/id").asText();
  }
}
