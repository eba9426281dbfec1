package dev.runhook.outbound.format;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.runhook.outbound.format.ChatMessage.Tone;

/// Builds Adaptive Cards in the message that Microsoft Teams workflows expect. Texts are in rich
/// text blocks, which do not interpret Markdown.
final class TeamsMessage {
  private TeamsMessage() {}

  static ObjectNode of(ChatMessage message) {
    ObjectNode json = JsonNodeFactory.instance.objectNode().put("type", "message");
    ObjectNode card =
        json.putArray("attachments")
            .addObject()
            .put("contentType", "application/vnd.microsoft.card.adaptive")
            .putObject("content")
            .put("$schema", "http://adaptivecards.io/schemas/adaptive-card.json")
            .put("type", "AdaptiveCard")
            .put("version", "1.4");
    ArrayNode body = card.putArray("body");
    run(textBlock(body), message.tone().symbol() + message.title())
        .put("size", "Medium")
        .put("weight", "Bolder")
        .put("color", color(message.tone()));
    message
        .facts()
        .forEach(fact -> {
          ArrayNode line = textBlock(body);
          run(line, fact.name() + ": ").put("weight", "Bolder");
          ObjectNode value = run(line, fact.value());
          fact.url().ifPresent(url -> value.set("selectAction", openUrl(url)));
        });
    if (!message.links().isEmpty()) {
      ArrayNode actions = card.putArray("actions");
      message.links().forEach(link -> actions.add(openUrl(link.url()).put("title", link.text())));
    }
    card.putObject("msteams").put("width", "Full");
    return json;
  }

  private static ArrayNode textBlock(ArrayNode body) {
    return body.addObject().put("type", "RichTextBlock").putArray("inlines");
  }

  private static ObjectNode run(ArrayNode inlines, String text) {
    return inlines.addObject().put("type", "TextRun").put("text", text);
  }

  private static ObjectNode openUrl(String url) {
    return JsonNodeFactory.instance.objectNode().put("type", "Action.OpenUrl").put("url", url);
  }

  private static String color(Tone tone) {
    return switch (tone) {
      case NEUTRAL -> "Default";
      case GOOD -> "Good";
      case WARNING -> "Warning";
      case BAD -> "Attention";
    };
  }
}
