package dev.runhook.http.json;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.LongConsumer;

/// Reads request bodies as JSON, more strictly than Jackson does: UTF-8 only, nothing after the
/// value, no duplicate names. Errors never quote the body, because it may contain a secret.
public final class JsonBodyReader {
  /// A body of up to this many times its limit is read to its end instead of being cut off.
  private static final long MAX_DRAINED = 64;

  private static final int CHUNK_BYTES = 16 * 1024;
  private static final String BYTE_ORDER_MARK = "\ufeff";
  private static final String HINT = "send one JSON object in UTF-8";

  private JsonBodyReader() {}

  /// Reads a body. A body whose announced size is above the limit is never kept in memory.
  ///
  /// @param announced the value of `Content-Length`; -1 if there is none
  /// @param onChunk is called with the size of each part that was read, and may refuse the request
  /// @throws ProblemException if the body has more than `maxBytes` bytes or is incomplete
  public static byte[] readBytes(
      InputStream stream, long announced, int maxBytes, LongConsumer onChunk) {
    try {
      ByteArrayOutputStream body = new ByteArrayOutputStream();
      while (announced <= maxBytes && body.size() <= maxBytes) {
        byte[] chunk = stream.readNBytes(CHUNK_BYTES);
        if (chunk.length == 0) {
          return body.toByteArray();
        }
        onChunk.accept(chunk.length);
        body.writeBytes(chunk);
      }
      if (announced <= MAX_DRAINED * maxBytes) {
        // a client whose connection is closed while it sends does not see the response
        drain(stream, MAX_DRAINED * maxBytes);
      }
      throw tooLarge(maxBytes);
    } catch (IOException ignored) {
      throw invalid("the body is incomplete");
    }
  }

  /// Returns the response to a body that exceeds its limit.
  public static ProblemException tooLarge(int maxBytes) {
    return new ProblemException(
        Problem.of(413, "too-large", "the body is larger than " + maxBytes + " bytes"));
  }

  private static void drain(InputStream stream, long maxBytes) throws IOException {
    byte[] chunk = new byte[8192];
    long total = 0;
    for (int read = 0; read >= 0 && total < maxBytes; total += read) {
      read = stream.read(chunk);
    }
  }

  /// Decodes a body that is one object.
  ///
  /// @throws ProblemException with all errors
  public static <T> T readObject(byte[] bytes, Function<JsonObjectReader, Optional<T>> fields) {
    String text = text(bytes);
    if (text.isBlank()) {
      throw invalid("the body is empty; " + HINT);
    }
    return decode(parse(text, Item::of), fields);
  }

  /// Decodes a body that may be omitted or null, which counts as an empty object.
  ///
  /// @throws ProblemException with all errors
  public static <T> T readOptionalObject(
      byte[] bytes, Function<JsonObjectReader, Optional<T>> fields) {
    String text = text(bytes);
    Item body = text.isBlank() ? Item.empty() : parse(text, Item::of);
    return decode(body.value().isNull() ? Item.empty() : body, fields);
  }

  private static <T> T decode(Item body, Function<JsonObjectReader, Optional<T>> fields) {
    if (!body.value().isObject()) {
      throw invalid("the body is not an object; " + HINT);
    }
    return body.decode(fields);
  }

  /// Parses a body that is an array of objects.
  ///
  /// @param maxItems the maximum length of the array
  /// @throws ProblemException if the body is not a JSON array or is too long
  public static List<Item> readItems(byte[] bytes, int maxItems) {
    return parse(
        text(bytes),
        parser -> {
          if (!parser.hasToken(JsonToken.START_ARRAY)) {
            throw invalid("the body is not an array; send one JSON array of objects in UTF-8");
          }
          List<Item> items = new ArrayList<>();
          while (parser.nextToken() != JsonToken.END_ARRAY) {
            if (items.size() == maxItems) {
              throw invalid("the array has more than " + maxItems + " items");
            }
            items.add(Item.of(parser));
          }
          return items;
        });
  }

  /// A parsed value with its own list of errors.
  public record Item(JsonNode value, FieldPath path) {
    private static Item of(JsonParser parser) throws IOException {
      FieldPath root = FieldPath.root();
      return new Item(tree(parser, root), root);
    }

    private static Item empty() {
      return new Item(JsonNodeFactory.instance.objectNode(), FieldPath.root());
    }

    /// Decodes the value, which must be an object.
    ///
    /// @throws ProblemException with all errors
    public <T> T decode(Function<JsonObjectReader, Optional<T>> fields) {
      Optional<T> decoded = JsonObjectReader.decoder(fields).decode(value, path);
      path.errors().requireNone();
      return decoded.orElseThrow();
    }
  }

  private static String text(byte[] bytes) {
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      if (text.startsWith(BYTE_ORDER_MARK)) {
        throw invalid("the body starts with a byte order mark; send it without one");
      }
      return text;
    } catch (CharacterCodingException ignored) {
      throw invalid("the body is not valid UTF-8; " + HINT);
    }
  }

  private interface Parse<T> {
    T from(JsonParser parser) throws IOException;
  }

  private static <T> T parse(String text, Parse<T> parse) {
    try (JsonParser parser = Json.MAPPER.createParser(text)) {
      parser.nextToken();
      T value = parse.from(parser);
      if (parser.nextToken() != null) {
        throw invalid("there is data after the JSON value; " + HINT);
      }
      return value;
    } catch (StreamConstraintsException ignored) {
      throw invalid(
          ("the body exceeds a limit: %d levels of nesting, %d characters in a string, "
                  + "%d in a field name, %d in a number, %d JSON tokens")
              .formatted(
                  Json.MAX_DEPTH,
                  Json.MAX_STRING_LENGTH,
                  Json.MAX_NAME_LENGTH,
                  Json.MAX_NUMBER_LENGTH,
                  Json.MAX_TOKENS));
    } catch (JsonProcessingException e) {
      throw invalid(
          "the body is not valid JSON: line %d, column %d"
              .formatted(e.getLocation().getLineNr(), e.getLocation().getColumnNr()));
    } catch (IOException e) {
      throw new UncheckedIOException("reading from memory failed", e);
    }
  }

  /// Jackson would keep the last of several fields with the same name and report nothing.
  private static JsonNode tree(JsonParser parser, FieldPath path) throws IOException {
    if (parser.hasToken(JsonToken.START_ARRAY)) {
      ArrayNode array = JsonNodeFactory.instance.arrayNode();
      while (parser.nextToken() != JsonToken.END_ARRAY) {
        array.add(tree(parser, path.child(Integer.toString(array.size()))));
      }
      return array;
    }
    if (!parser.hasToken(JsonToken.START_OBJECT)) {
      return parser.readValueAsTree();
    }
    ObjectNode object = JsonNodeFactory.instance.objectNode();
    for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
      FieldPath field = path.child(name);
      parser.nextToken();
      if (object.replace(name, tree(parser, field)) != null) {
        field.reject("must not occur twice");
      }
    }
    return object;
  }

  private static ProblemException invalid(String detail) {
    return new ProblemException(
        Problem.validationError(List.of(Problem.FieldError.inBody("", detail))));
  }
}
