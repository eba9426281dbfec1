package dev.runhook.outbound.format;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.io.JsonEOFException;
import com.fasterxml.jackson.core.io.JsonStringEncoder;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.samskivert.mustache.BasicCollector;
import com.samskivert.mustache.Escapers;
import com.samskivert.mustache.Mustache;
import com.samskivert.mustache.Template;
import dev.runhook.domain.event.Event;
import dev.runhook.domain.text.Printable;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Renders a Mustache template as JSON.
///
/// A template sees the payload as maps and lists, and never calls methods of Java objects. Each
/// value is escaped for a JSON string, even in `{{{name}}}`; a list or an object is written as
/// JSON. A [RenderingBudget] limits the work. An instance renders once.
final class MessageTemplate {
  /// What was sent is stored with each attempt.
  private static final int MAX_BYTES = 16 * 1024;

  /// Precedes the number of a tag. Neither templates nor values contain it.
  private static final char MARK = 1;

  /// The number of the first tag: a letter, which is not part of a tag and not trimmed.
  private static final char FIRST_TAG = '\u4e00';

  private static final TypeReference<Map<String, Object>> CONTEXT = new TypeReference<>() {};
  private static final JsonMapper JSON =
      JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();

  private final String template;
  private final List<TemplateTag> tags;
  private final RenderingBudget budget;

  /// @param budget is used up by this rendering
  /// @throws TemplateException if the template is not valid
  MessageTemplate(String template, RenderingBudget budget) throws TemplateException {
    requirePrintable(template);
    this.template = template;
    this.tags = TemplateTag.parse(template);
    this.budget = budget;
  }

  /// Returns the JSON that the template describes.
  String render(ChatMessage message, Event.Kind kind, JsonNode payload) throws TemplateException {
    Result result = execute(template, context(message, kind, payload));
    result.requireJson();
    return result.text.toString();
  }

  /// Checks whether the template can render the payload. The exception names the tag.
  void check(ChatMessage message, Event.Kind kind, JsonNode payload) throws TemplateException {
    execute(marked(), context(message, kind, payload)).requireJson();
  }

  /// Requires that what the library trims is what users see, and that names cannot pretend to be
  /// others.
  private static void requirePrintable(String template) throws TemplateException {
    int line = 1;
    for (int c : template.codePoints().toArray()) {
      if (c == '\n') {
        line++;
      } else if (!Printable.isPrintable(c) && c != '\r' && c != '\t') {
        throw new TemplateException(
            "the template contains an invisible character in line %d; write \\u%04x"
                .formatted(line, c));
      }
    }
  }

  /// Returns the template with a mark before each tag, which [Result] removes.
  private String marked() {
    StringBuilder marked = new StringBuilder();
    int end = 0;
    for (int i = 0; i < tags.size(); i++) {
      int start = tags.get(i).start();
      marked.append(template, end, start).append(MARK).append((char) (FIRST_TAG + i));
      end = start;
    }
    return marked.append(template, end, template.length()).toString();
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

  private Result execute(String source, Map<String, Object> context) throws TemplateException {
    Result result = new Result();
    try {
      Mustache.compiler()
          .defaultValue("")
          .emptyStringIsFalse(true)
          .withEscaper(Escapers.NONE)
          .withFormatter(this::format)
          .withCollector(new CountingCollector())
          .compile(source)
          .execute(context, result);
    } catch (RuntimeException | StackOverflowError ignored) {
      // of the budget, or of the library for a mistake that the check overlooks
      throw new TemplateException(budget.findExcess().orElse("the template is not valid"));
    }
    return result;
  }

  /// The library calls this for each tag that writes a value, and to find out whether the value of
  /// a section is empty.
  private String format(Object value) {
    String formatted = toJson(value);
    budget.useCharacters(formatted.length());
    return formatted;
  }

  private static String toJson(Object value) {
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

  /// Knows maps and lists, but no methods and fields of objects. Counts sections, their elements
  /// and lookups.
  private final class CountingCollector extends BasicCollector {
    @Override
    public @Nullable Iterator<?> toIterator(Object value) {
      budget.useStep();
      Iterator<?> elements = super.toIterator(value);
      return elements == null ? null : new CountingIterator(elements);
    }

    @Override
    public Mustache.VariableFetcher createFetcher(Object context, String name) {
      Mustache.@Nullable VariableFetcher fetcher = super.createFetcher(context, name);
      return (in, key) -> {
        budget.useStep();
        return fetcher == null ? Template.NO_FETCHER_FOUND : fetcher.get(in, key);
      };
    }

    @Override
    public <K, V> Map<K, V> createFetcherCache() {
      return new HashMap<>();
    }
  }

  private final class CountingIterator implements Iterator<@Nullable Object> {
    private final Iterator<?> elements;

    CountingIterator(Iterator<?> elements) {
      this.elements = elements;
    }

    @Override
    public boolean hasNext() {
      return elements.hasNext();
    }

    @Override
    public @Nullable Object next() {
      budget.useStep();
      return elements.next();
    }
  }

  /// The rendered text, and which tags have rendered it if they are marked.
  private final class Result extends Writer {
    private final StringBuilder text = new StringBuilder();
    private int bytes;
    private final NavigableMap<Integer, TemplateTag> tagsByStart = new TreeMap<>();

    void requireJson() throws TemplateException {
      try {
        if (!JSON.readTree(text.toString()).isMissingNode()) {
          return;
        }
      } catch (JsonEOFException e) {
        throw new TemplateException(
            "the result of the template ends too early to be JSON " + place(text.length()));
      } catch (JacksonException e) {
        long position = e.getLocation() == null ? text.length() : e.getLocation().getCharOffset();
        throw new TemplateException(
            "the result of the template is not JSON "
                + place(Math.clamp(position, 0, text.length())));
      }
      throw new TemplateException("the result of the template is empty");
    }

    /// Describes the place in the template that has rendered a position of the text.
    private String place(int position) {
      Map.Entry<Integer, TemplateTag> tag = tagsByStart.floorEntry(position);
      return tag == null
          ? "in line " + (text.chars().limit(position).filter(c -> c == '\n').count() + 1)
          : "after the tag " + tag.getValue();
    }

    @Override
    public void write(char[] buffer, int offset, int length) {
      for (int i = offset; i < offset + length; i++) {
        if (buffer[i] == MARK) {
          i++;
          tagsByStart.put(text.length(), tags.get(buffer[i] - FIRST_TAG));
        } else {
          text.append(buffer[i]);
          bytes += bytesInUtf8(buffer[i]);
        }
      }
      if (bytes > MAX_BYTES) {
        throw budget.exceeded("the result of the template exceeds " + MAX_BYTES + " bytes");
      }
    }

    /// Half of a surrogate pair, which has four bytes, counts as two.
    private static int bytesInUtf8(char character) {
      if (character < 0x80) {
        return 1;
      }
      return character < 0x800 || Character.isSurrogate(character) ? 2 : 3;
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
