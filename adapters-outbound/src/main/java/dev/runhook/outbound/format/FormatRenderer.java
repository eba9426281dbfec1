package dev.runhook.outbound.format;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.runhook.application.spi.delivery.DeliveryContent;
import dev.runhook.application.spi.delivery.RenderingException;
import dev.runhook.domain.event.Event;
import dev.runhook.domain.event.Format;
import dev.runhook.domain.event.Payload;
import dev.runhook.domain.run.ResourceChange;
import dev.runhook.domain.webhook.DeliverySettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.function.LongSupplier;

/// Renders payloads in other formats than Runhook's own. The same payload always has the same
/// rendering. Thread-safe.
public final class FormatRenderer {
  private final JsonMapper json = JsonMapper.builder().build();
  private final Optional<URI> publicUrl;
  private final LongSupplier ticker;

  /// @param publicUrl the address of the web UI, for links to runs, without a slash at its end
  /// @param ticker monotonic nanoseconds, such as `System::nanoTime`
  public FormatRenderer(Optional<URI> publicUrl, LongSupplier ticker) {
    this.publicUrl = publicUrl;
    this.ticker = ticker;
  }

  /// Returns the payload of the content in the format of the settings. [Format#RUNHOOK] has the
  /// changes only if the settings want them, and is otherwise the payload as it is.
  ///
  /// @throws RenderingException if the template cannot render it
  public Payload render(DeliveryContent content, DeliverySettings settings) {
    Format format = settings.format();
    if (format == Format.RUNHOOK && !settings.includeChanges()) {
      return content.payload();
    }
    byte[] bytes = withChanges(content);
    JsonNode payload = parse(bytes);
    return switch (format) {
      case RUNHOOK -> Payload.of(bytes);
      case CLOUDEVENTS -> write(CloudEvent.of(content, payload), format);
      case SLACK -> write(SlackMessage.of(message(content.kind(), payload)), format);
      case MSTEAMS -> write(TeamsMessage.of(message(content.kind(), payload)), format);
      case PAGERDUTY ->
          write(
              PagerDutyEvent.of(content.kind(), payload, message(content.kind(), payload)), format);
      case TEMPLATE -> renderTemplate(settings.template().orElseThrow(), content, payload);
    };
  }

  /// Returns why the template cannot render a run state change, a ping or an operational event;
  /// empty if it can.
  public Optional<String> findTemplateError(String template) {
    try {
      for (TemplateSample sample : TemplateSample.ALL) {
        JsonNode payload = parse(sample.payload().getBytes(StandardCharsets.UTF_8));
        new MessageTemplate(template, new RenderingBudget(ticker))
            .check(message(sample.kind(), payload), sample.kind(), payload);
      }
      return Optional.empty();
    } catch (TemplateException e) {
      return Optional.of(String.valueOf(e.getMessage()));
    }
  }

  private Payload renderTemplate(String template, DeliveryContent content, JsonNode payload) {
    try {
      String text =
          new MessageTemplate(template, new RenderingBudget(ticker))
              .render(message(content.kind(), payload), content.kind(), payload);
      return Payload.of(text.getBytes(StandardCharsets.UTF_8), Format.TEMPLATE);
    } catch (TemplateException e) {
      throw new RenderingException(String.valueOf(e.getMessage()));
    }
  }

  /// Adds the changes as the last fields, without a change of the other bytes.
  private byte[] withChanges(DeliveryContent content) {
    byte[] payload = content.payload().bytes();
    if (content.changes().isEmpty()) {
      return payload;
    }
    ObjectNode fields = json.createObjectNode();
    ArrayNode items = fields.putArray("changes");
    for (ResourceChange change : content.changes().get().items()) {
      items
          .addObject()
          .put("address", change.address())
          .put("type", change.type())
          .put("action", change.action().wireName());
    }
    if (content.changes().get().truncated()) {
      fields.put("changesTruncated", true);
    }
    byte[] added = write(fields, Format.RUNHOOK).bytes();
    return ByteBuffer.allocate(payload.length + added.length - 1)
        .put(payload, 0, payload.length - 1)
        .put((byte) ',')
        .put(added, 1, added.length - 1)
        .array();
  }

  private ChatMessage message(Event.Kind kind, JsonNode payload) {
    return EventMessage.of(kind, payload, publicUrl);
  }

  private JsonNode parse(byte[] payload) {
    try {
      return json.readTree(payload);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Payload write(JsonNode tree, Format format) {
    try {
      return Payload.of(json.writeValueAsBytes(tree), format);
    } catch (JacksonException e) {
      throw new UncheckedIOException(e);
    }
  }
}
