package dev.runhook.outbound.format;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.runhook.outbound.format.ChatMessage.Fact;
import dev.runhook.outbound.format.ChatMessage.Link;
import java.util.stream.Collectors;

/// Builds messages for Slack incoming webhooks: the text of the notification, and its blocks.
/// `verbatim` keeps Slack from turning names and addresses in texts into links.
final class SlackMessage {
  /// Keeps fields below Slack's limit of 2000 characters, together with their text.
  private static final int MAX_URL = 900;

  private SlackMessage() {}

  static ObjectNode of(ChatMessage message) {
    String title = escape(message.title());
    ObjectNode json =
        JsonNodeFactory.instance.objectNode().put("text", message.tone().symbol() + title);
    ArrayNode blocks = json.putArray("blocks");
    String linked =
        message.links().stream().findFirst().map(link -> link(link.url(), title)).orElse(title);
    section(blocks).set("text", text(message.tone().symbol() + "*" + linked + "*"));
    if (!message.facts().isEmpty()) {
      ArrayNode fields = section(blocks).putArray("fields");
      message.facts().forEach(fact -> fields.add(text(field(fact))));
    }
    if (!message.links().isEmpty()) {
      blocks
          .addObject()
          .put("type", "context")
          .putArray("elements")
          .add(
              text(
                  message.links().stream()
                      .map(SlackMessage::link)
                      .collect(Collectors.joining(" · "))));
    }
    return json;
  }

  private static ObjectNode section(ArrayNode blocks) {
    return blocks.addObject().put("type", "section");
  }

  private static ObjectNode text(String text) {
    return JsonNodeFactory.instance
        .objectNode()
        .put("type", "mrkdwn")
        .put("text", text)
        .put("verbatim", true);
  }

  private static String field(Fact fact) {
    String value = escape(fact.value());
    return "*%s*\n%s".formatted(fact.name(), fact.url().map(url -> link(url, value)).orElse(value));
  }

  private static String link(Link link) {
    return link(link.url(), link.text());
  }

  /// A URL has no other characters with a meaning, because it was parsed.
  private static String link(String url, String text) {
    String escaped = escape(url);
    return escaped.length() > MAX_URL ? text : "<" + escaped + "|" + text + ">";
  }

  /// Without this, a text could mention a channel or a user.
  private static String escape(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }
}
