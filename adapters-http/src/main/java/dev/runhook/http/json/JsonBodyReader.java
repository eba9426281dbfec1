package dev.runhook.http.json;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.runhook.http.server.HttpApi;
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

/// Reads bodies as JSON, more strictly than the library does: UTF-8 only, nothing after the value,
/// no name twice. Never quotes what it could not read: there may be a secret in it.
public final class JsonBodyReader {
  private static final int LARGEST_DRAINED = 64 * HttpApi.MAX_BODY_SIZE;
  private static final String BYTE_ORDER_MARK = "\ufeff";
  private static final String MEND = "send one JSON object, in UTF-8";

  private JsonBodyReader() {}

  /// All bytes, unless there are more than a body may have.
  public static byte[] readBytes(InputStream stream) {
    try {
      byte[] bytes = stream.readNBytes(HttpApi.MAX_BODY_SIZE + 1);
      if (bytes.length > HttpApi.MAX_BODY_SIZE) {
        // who is cut off while sending never sees the answer
        drain(stream);
        throw new ProblemException(
            Problem.of(
                413, "too-large", "the body is over 1 MiB (1048576 bytes); send less at once"));
      }
      return bytes;
    } catch (IOException _) {
      throw unreadable("the body broke off; send it whole");
    }
  }

  private static void drain(InputStream stream) throws IOException {
    byte[] chunk = new byte[8192];
    for (int read = 0, total = 0; read >= 0 && total < LARGEST_DRAINED; total += read) {
      read = stream.read(chunk);
    }
  }

  /// The object that the bytes are; mistakes inside of it are noted, and end nothing yet.
  public static ObjectNode parseObject(byte[] bytes, FieldPath root) {
    String text = text(bytes);
    if (text.isBlank()) {
      throw unreadable("the body is empty; " + MEND);
    }
    JsonNode value = parse(text, parser -> value(parser, root));
    if (!(value instanceof ObjectNode object)) {
      throw unreadable("the body is no object; " + MEND);
    }
    return object;
  }

  /// One of the things that a body is an array of, and the place for what is wrong with it.
  public record Item(JsonNode value, FieldPath path) {
    /// What it says; a [ProblemException] with all that is wrong with it.
    public <T> T decode(Function<JsonObjectReader, Optional<T>> reading) {
      Optional<T> read = Decoder.object(reading).decode(value, path);
      path.requireValid();
      return read.orElseThrow(() -> new IllegalStateException("an item is neither read nor wrong"));
    }
  }

  /// The items of the array that the bytes are; mistakes inside of them are noted with each.
  public static List<Item> parseItems(byte[] bytes, int most) {
    return parse(
        text(bytes),
        parser -> {
          if (!parser.hasToken(JsonToken.START_ARRAY)) {
            throw unreadable("the body is no array; send one JSON array of objects, in UTF-8");
          }
          List<Item> items = new ArrayList<>();
          while (parser.nextToken() != JsonToken.END_ARRAY) {
            if (items.size() == most) {
              throw unreadable("the array has over " + most + " items; send less at once");
            }
            FieldPath fieldPath = FieldPath.itemRoot();
            items.add(new Item(value(parser, fieldPath), fieldPath));
          }
          return items;
        });
  }

  private static String text(byte[] bytes) {
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      if (text.startsWith(BYTE_ORDER_MARK)) {
        throw unreadable("the body begins with a byte order mark; save and send it without one");
      }
      return text;
    } catch (CharacterCodingException _) {
      throw unreadable("the body is not in UTF-8; " + MEND);
    }
  }

  private interface Reading<T> {
    T from(JsonParser parser) throws IOException;
  }

  private static <T> T parse(String text, Reading<T> reading) {
    try (JsonParser parser = Json.MAPPER.createParser(text)) {
      parser.nextToken();
      T value = reading.from(parser);
      if (parser.nextToken() != null) {
        throw unreadable("something follows the JSON value; " + MEND);
      }
      return value;
    } catch (StreamConstraintsException _) {
      throw unreadable(
          "the body goes beyond a limit: %d levels, %d characters in a string, %d in a field's name, %d in a number"
              .formatted(
                  Json.MAX_DEPTH,
                  Json.MAX_STRING_LENGTH,
                  Json.MAX_NAME_LENGTH,
                  Json.MAX_NUMBER_LENGTH));
    } catch (JsonProcessingException e) {
      throw unreadable(
          "the body is no JSON: see line %d, column %d"
              .formatted(e.getLocation().getLineNr(), e.getLocation().getColumnNr()));
    } catch (IOException e) {
      throw new UncheckedIOException("reading from memory failed", e);
    }
  }

  private static JsonNode value(JsonParser parser, FieldPath fieldPath) throws IOException {
    if (parser.hasToken(JsonToken.START_OBJECT)) {
      return objectNode(parser, fieldPath);
    }
    if (parser.hasToken(JsonToken.START_ARRAY)) {
      return arrayNode(parser, fieldPath);
    }
    return parser.readValueAsTree();
  }

  private static ObjectNode objectNode(JsonParser parser, FieldPath fieldPath) throws IOException {
    ObjectNode object = JsonNodeFactory.instance.objectNode();
    for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
      FieldPath field = fieldPath.child(name);
      parser.nextToken();
      if (object.has(name)) {
        field.reject("is there twice; give it once");
      }
      object.set(name, value(parser, field));
    }
    return object;
  }

  private static ArrayNode arrayNode(JsonParser parser, FieldPath fieldPath) throws IOException {
    ArrayNode array = JsonNodeFactory.instance.arrayNode();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      array.add(value(parser, fieldPath.child(array.size())));
    }
    return array;
  }

  private static ProblemException unreadable(String detail) {
    return ProblemException.validationError(Problem.FieldError.inBody("", detail));
  }
}
