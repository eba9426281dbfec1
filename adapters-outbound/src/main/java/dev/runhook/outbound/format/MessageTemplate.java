package dev.runhook.outbound.format;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.io.JsonStringEncoder;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.samskivert.mustache.BasicCollector;
import com.samskivert.mustache.Escapers;
import com.samskivert.mustache.Mustache;
import dev.runhook.domain.event.Event;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Renders a Mustache template as JSON.
///
/// A template sees the payload as maps and lists, and never calls methods of Java objects. Each
/// value is escaped for a JSON string, even in `{{{name}}}`; a list or an object is written as
/// JSON. The numbers of sections, of rendered tags and of characters are limited, not the time. An
/// instance renders once.
final class MessageTemplate {
  private static final int MAX_SECTIONS = 100;
  private static final int MAX_STEPS = 10_000;
  private static final int MAX_OUTPUT = 64 * 1024;
  private static final Pattern SECTION = Pattern.compile("\\{\\{\\s*[#^<$]");
  private static final TypeReference<Map<String, Object>> CONTEXT = new TypeReference<>() {};
  private static final JsonMapper JSON =
      JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();

  private final String template;
  private int steps;

  private MessageTemplate(String template) {
    this.template = template;
  }

  /// Returns the JSON that the template describes.
  static String render(String template, ChatMessage message, Event.Kind kind, JsonNode payload)
      throws TemplateException {
    if (template.contains("{{=") || SECTION.matcher(template).results().count() > MAX_SECTIONS) {
      throw new TemplateException(
          "the template has more than " + MAX_SECTIONS + " sections, or changes the delimiters");
    }
    String result = new MessageTemplate(template).execute(context(message, kind, payload));
    requireJson(result);
    return result;
  }

  private static Map<String, Object> context(
      ChatMessage message, Event.Kind kind, JsonNode payload) {
    Map<String, Object> context = new HashMap<>(JSON.convertValue(payload, CONTEXT));
    context.put("event", kind.eventName());
    context.put("title", message.title());
    message.links().stream().findFirst().ifPresent(link -> context.put("link", link.url()));
    context.put("is", Map.of(payload.path("state").asText(kind.name()), true));
    return context;
  }

  private String execute(Map<String, Object> context) throws TemplateException {
    BoundedWriter out = new BoundedWriter();
    try {
      Mustache.compiler()
          .defaultValue("")
          .emptyStringIsFalse(true)
          .withEscaper(Escapers.NONE)
          .withFormatter(this::format)
          .withCollector(new CountingCollector())
          .withLoader(name -> {
            throw new LimitException("the template includes another one, which is not possible");
          })
          .compile(template)
          .execute(context, out);
    } catch (RuntimeException e) { // of the library, for any mistake in the template
      Throwable cause = e;
      while (cause.getCause() != null) {
        cause = cause.getCause();
      }
      throw new TemplateException(
          cause instanceof LimitException
              ? String.valueOf(cause.getMessage())
              : "the template is not valid: " + cause.getMessage());
    }
    return out.text.toString();
  }

  private static void requireJson(String text) throws TemplateException {
    try {
      if (!JSON.readTree(text).isMissingNode()) {
        return;
      }
    } catch (JacksonException e) {
      int line = e.getLocation() == null ? 1 : e.getLocation().getLineNr();
      throw new TemplateException(
          "the result of the template is not JSON: line %d: %s"
              .formatted(line, e.getOriginalMessage()));
    }
    throw new TemplateException("the result of the template is empty");
  }

  private String format(Object value) {
    countStep();
    if (value instanceof String text) {
      return new String(JsonStringEncoder.getInstance().quoteAsString(text));
    }
    try {
      return value instanceof Map || value instanceof List
          ? JSON.writeValueAsString(value)
          : value.toString();
    } catch (JacksonException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void countStep() {
    steps++;
    if (steps > MAX_STEPS) {
      throw new LimitException("the template renders more than " + MAX_STEPS + " tags");
    }
  }

  private static final class LimitException extends RuntimeException {
    private static final long serialVersionUID = 1;

    LimitException(String message) {
      super(message);
    }
  }

  /// Knows maps and lists, but no methods and fields of objects.
  private final class CountingCollector extends BasicCollector {
    @Override
    public @Nullable Iterator<?> toIterator(Object value) {
      countStep();
      return super.toIterator(value);
    }

    @Override
    public <K, V> Map<K, V> createFetcherCache() {
      return new HashMap<>();
    }
  }

  private static final class BoundedWriter extends Writer {
    private final StringBuilder text = new StringBuilder();

    @Override
    public void write(char[] buffer, int offset, int length) {
      text.append(buffer, offset, length);
      if (text.length() > MAX_OUTPUT) {
        throw new LimitException(
            "the result of the template exceeds " + MAX_OUTPUT + " characters");
      }
    }

    @Override
    public void flush() {
      // nothing is buffered
    }

    @Override
    public void close() {
      // nothing is open
    }
  }
}
