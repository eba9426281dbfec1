package dev.runhook.http.json;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/// Decodes a JSON value into a typed value. Nothing is coerced. An invalid value is reported at its
/// [FieldPath], and the result is then empty.
public interface Decoder<T> {
  /// The maximum number of characters in a free text field, as in the domain.
  int MAX_TEXT_LENGTH = 65_536;

  /// The largest integer that every JSON parser represents exactly.
  long MAX_SAFE_INTEGER = (1L << 53) - 1;

  Decoder<String> STRING =
      (value, path) ->
          value.isTextual() ? storable(value.textValue(), path) : wrongType("string", value, path);
  Decoder<Boolean> BOOLEAN =
      (value, path) ->
          value.isBoolean() ? Optional.of(value.booleanValue()) : wrongType("boolean", value, path);

  Decoder<String> TEXT = STRING.map(Decoder::requireMaxLength);
  Decoder<String> NON_BLANK_TEXT = TEXT.map(Decoder::requireNonBlank);
  Decoder<Instant> TIME = STRING.map(Rfc3339::parse);

  Optional<T> decode(JsonNode value, FieldPath path);

  /// Returns a decoder that also converts the decoded value.
  ///
  /// @param conversion may throw an [IllegalArgumentException], whose message is then reported as
  ///   the error
  default <U> Decoder<U> map(Function<T, U> conversion) {
    return (value, path) ->
        decode(value, path).flatMap(decoded -> validated(() -> conversion.apply(decoded), path));
  }

  /// An integer of at least `min`, written without a decimal point or an exponent.
  static Decoder<Long> integerAtLeast(long min) {
    return (value, path) -> {
      if (!value.isNumber()) {
        return wrongType("number", value, path);
      }
      boolean isInRange =
          value.isIntegralNumber()
              && value.canConvertToLong()
              && value.longValue() >= min
              && value.longValue() <= MAX_SAFE_INTEGER;
      return isInRange
          ? Optional.of(value.longValue())
          : path.reject("must be an integer from " + min + " to " + MAX_SAFE_INTEGER);
    };
  }

  static <E extends Enum<E>> Decoder<E> enumOf(Class<E> type) {
    return STRING.map(name -> enumConstant(type, name));
  }

  static <T> Decoder<List<T>> listOf(Decoder<T> decoder) {
    return (value, path) -> {
      if (!(value instanceof ArrayNode array)) {
        return wrongType("array", value, path);
      }
      List<T> items = new ArrayList<>();
      for (int i = 0; i < array.size(); i++) {
        decoder.decode(array.get(i), path.child(Integer.toString(i))).ifPresent(items::add);
      }
      return items.size() == array.size() ? Optional.of(items) : Optional.empty();
    };
  }

  static <T> Decoder<T> object(Function<JsonObjectReader, Optional<T>> fields) {
    return (value, path) ->
        value instanceof ObjectNode object
            ? fields.apply(new JsonObjectReader(object, path))
            : wrongType("object", value, path);
  }

  /// Returns the constant with that name.
  ///
  /// @throws IllegalArgumentException if there is none; the message lists the valid names
  static <E extends Enum<E>> E enumConstant(Class<E> type, String name) {
    List<E> constants = List.of(type.getEnumConstants());
    return constants.stream()
        .filter(constant -> constant.name().equals(name))
        .findFirst()
        .orElseThrow(() ->
            new IllegalArgumentException(
                "must be one of "
                    + constants.stream().map(Enum::name).collect(Collectors.joining(", "))));
  }

  static <T> Optional<T> validated(Supplier<T> value, FieldPath path) {
    try {
      return Optional.of(value.get());
    } catch (IllegalArgumentException e) {
      return path.reject(String.valueOf(e.getMessage()));
    }
  }

  private static String requireMaxLength(String text) {
    if (text.length() > MAX_TEXT_LENGTH) {
      throw new IllegalArgumentException(
          "must not be longer than " + MAX_TEXT_LENGTH + " characters");
    }
    return text;
  }

  private static String requireNonBlank(String text) {
    if (text.isBlank()) {
      throw new IllegalArgumentException("must not be blank");
    }
    return text;
  }

  /// UTF-8 cannot encode an unpaired surrogate, and PostgreSQL cannot store NUL.
  private static Optional<String> storable(String text, FieldPath path) {
    return text.indexOf('\0') < 0 && StandardCharsets.UTF_8.newEncoder().canEncode(text)
        ? Optional.of(text)
        : path.reject("must not contain a NUL character or an unpaired surrogate");
  }

  private static <T> Optional<T> wrongType(String expected, JsonNode value, FieldPath path) {
    String article = "aeio".indexOf(expected.charAt(0)) >= 0 ? "an " : "a ";
    String actual = value.getNodeType().name().toLowerCase(Locale.ROOT);
    return path.reject("must be " + article + expected + ", not " + actual);
  }
}
