package dev.runhook.http.json;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/// How a JSON value is read as a value of ours. Nothing is coerced; what does not fit is noted at
/// its place, and there is no value then.
public interface Decoder<T> {
  /// The most characters of a free text, as the domain bounds them.
  int MAX_TEXT_LENGTH = 65_536;

  /// The largest whole number that every reader of JSON keeps.
  long MAX_SAFE_INTEGER = (1L << 53) - 1;

  Decoder<String> STRING =
      (value, place) ->
          value.isTextual() ? keepable(value.textValue(), place) : notA("string", value, place);
  Decoder<Boolean> BOOLEAN =
      (value, place) ->
          value.isBoolean()
              ? Optional.of(value.booleanValue())
              : notA("boolean, true or false", value, place);

  Decoder<String> TEXT = STRING.map(Decoder::bounded);
  Decoder<String> NON_BLANK_TEXT = TEXT.map(Decoder::nonBlank);
  Decoder<Instant> TIME = STRING.map(Rfc3339::parse);

  Optional<T> decode(JsonNode value, FieldPath fieldPath);

  /// This form, then made into something else by what may throw an [IllegalArgumentException] that
  /// tells how to mend it.
  default <U> Decoder<U> map(Function<T, U> make) {
    return (value, fieldPath) ->
        decode(value, fieldPath).flatMap(read -> validated(() -> make.apply(read), fieldPath));
  }

  /// A whole number from `min` on, written without point or exponent.
  static Decoder<Long> integerAtLeast(long min) {
    return (value, fieldPath) -> {
      if (!value.isNumber()) {
        return notA("number", value, fieldPath);
      }
      boolean fits =
          value.isIntegralNumber()
              && value.canConvertToLong()
              && value.longValue() >= min
              && value.longValue() <= MAX_SAFE_INTEGER;
      return fits
          ? Optional.of(value.longValue())
          : fieldPath.reject("must be a whole number from " + min + " to " + MAX_SAFE_INTEGER);
    };
  }

  static <E extends Enum<E>> Decoder<E> enumOf(Class<E> type) {
    return STRING.map(name -> enumConstant(type, name));
  }

  static <T> Decoder<List<T>> listOf(Decoder<T> decoder) {
    return (value, fieldPath) -> {
      if (!(value instanceof ArrayNode array)) {
        return notA("array", value, fieldPath);
      }
      List<T> items = new ArrayList<>();
      for (int i = 0; i < array.size(); i++) {
        decoder.decode(array.get(i), fieldPath.child(i)).ifPresent(items::add);
      }
      return items.size() == array.size() ? Optional.of(items) : Optional.empty();
    };
  }

  static <T> Decoder<T> object(Function<JsonObjectReader, Optional<T>> reading) {
    return (value, fieldPath) ->
        value instanceof ObjectNode object
            ? reading.apply(new JsonObjectReader(object, fieldPath))
            : notA("object", value, fieldPath);
  }

  /// The constant of that name; what there is else, in the message.
  static <E extends Enum<E>> E enumConstant(Class<E> type, String name) {
    return Arrays.stream(type.getEnumConstants())
        .filter(constant -> constant.name().equals(name))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("must be one of " + names(type)));
  }

  private static String names(Class<? extends Enum<?>> type) {
    return Arrays.stream(type.getEnumConstants()).map(Enum::name).collect(Collectors.joining(", "));
  }

  static <T> Optional<T> validated(Supplier<T> make, FieldPath fieldPath) {
    try {
      return Optional.of(make.get());
    } catch (IllegalArgumentException e) {
      return fieldPath.reject(String.valueOf(e.getMessage()));
    }
  }

  private static String bounded(String text) {
    if (text.length() > MAX_TEXT_LENGTH) {
      throw new IllegalArgumentException(
          "is longer than " + MAX_TEXT_LENGTH + " characters; shorten it");
    }
    return text;
  }

  private static String nonBlank(String text) {
    if (text.isBlank()) {
      throw new IllegalArgumentException("is blank; give some text");
    }
    return text;
  }

  /// Half a surrogate pair has no UTF-8, and PostgreSQL keeps no NUL.
  private static Optional<String> keepable(String text, FieldPath fieldPath) {
    return text.indexOf('\0') < 0 && StandardCharsets.UTF_8.newEncoder().canEncode(text)
        ? Optional.of(text)
        : fieldPath.reject("has a NUL character or half a surrogate pair in it; leave that out");
  }

  private static <T> Optional<T> notA(String wanted, JsonNode value, FieldPath fieldPath) {
    String article = "aeio".indexOf(wanted.charAt(0)) >= 0 ? "an " : "a ";
    return fieldPath.reject(
        "must be "
            + article
            + wanted
            + ", not "
            + value.getNodeType().name().toLowerCase(Locale.ROOT));
  }
}
