package dev.runhook.http.json;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.runhook.domain.text.Durations;
import dev.runhook.domain.text.NamedConstants;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;

/// Decodes a JSON value into a typed value. Nothing is coerced. An invalid value is reported at its
/// [FieldPath], and the result is then empty.
public interface Decoder<T> {
  /// The largest integer that every JSON parser represents exactly.
  long MAX_SAFE_INTEGER = (1L << 53) - 1;

  Decoder<String> STRING =
      ofType("a string", JsonNode::isTextual, JsonNode::textValue)
          .check(Decoder::isStorable, "must not contain a NUL character or an unpaired surrogate");
  Decoder<Boolean> BOOLEAN = ofType("a boolean", JsonNode::isBoolean, JsonNode::booleanValue);
  Decoder<JsonNode> ANY = (value, path) -> Optional.of(value);
  Decoder<ObjectNode> OBJECT = ofType("an object", JsonNode::isObject, ObjectNode.class::cast);

  Decoder<Instant> TIME = STRING.map(Rfc3339::parse);
  Decoder<Duration> DURATION = STRING.map(Durations::parse);

  Optional<T> decode(JsonNode value, FieldPath path);

  /// Returns a decoder that also converts the decoded value.
  ///
  /// @param conversion may throw an [IllegalArgumentException], whose message is then reported as
  ///   the error
  default <U> Decoder<U> map(Function<T, U> conversion) {
    return (value, path) ->
        decode(value, path).flatMap(decoded -> validated(() -> conversion.apply(decoded), path));
  }

  /// Returns a decoder that reports the error unless the decoded value satisfies the condition.
  private Decoder<T> check(Predicate<T> condition, String error) {
    return (value, path) -> {
      Optional<T> decoded = decode(value, path);
      return decoded.isEmpty() || condition.test(decoded.get()) ? decoded : path.reject(error);
    };
  }

  /// A text of at most `max` characters, as in the domain.
  static Decoder<String> text(int max) {
    return STRING.check(
        text -> text.length() <= max, "must not be longer than " + max + " characters");
  }

  static Decoder<String> nonBlankText(int max) {
    return text(max).check(text -> !text.isBlank(), "must not be blank");
  }

  /// An integer of at least `min`, written without a decimal point or an exponent.
  static Decoder<Long> integerAtLeast(long min) {
    return ofType("a number", JsonNode::isNumber, Function.identity())
        .check(
            number ->
                number.isIntegralNumber()
                    && number.canConvertToLong()
                    && number.longValue() >= min
                    && number.longValue() <= MAX_SAFE_INTEGER,
            "must be an integer from " + min + " to " + MAX_SAFE_INTEGER)
        .map(JsonNode::longValue);
  }

  /// An integer from `min` to `max`.
  static Decoder<Integer> integerBetween(int min, int max) {
    return integerAtLeast(min)
        .check(number -> number <= max, "must be an integer from " + min + " to " + max)
        .map(Long::intValue);
  }

  static <E extends Enum<E>> Decoder<E> enumOf(Class<E> type) {
    return STRING.map(name -> enumConstant(type, name));
  }

  static <T> Decoder<List<T>> listOf(Decoder<T> decoder) {
    return (value, path) -> {
      if (!(value instanceof ArrayNode array)) {
        return wrongType("an array", value, path);
      }
      List<T> items = new ArrayList<>();
      for (int i = 0; i < array.size(); i++) {
        decoder.decode(array.get(i), path.child(Integer.toString(i))).ifPresent(items::add);
      }
      return items.size() == array.size() ? Optional.of(items) : Optional.empty();
    };
  }

  /// Returns the constant with that name.
  ///
  /// @throws IllegalArgumentException if there is none; the message lists the valid names
  static <E extends Enum<E>> E enumConstant(Class<E> type, String name) {
    return NamedConstants.find(List.of(type.getEnumConstants()), Enum::name, name);
  }

  /// Returns the constant whose name in lowercase is this one.
  ///
  /// @throws IllegalArgumentException if there is none; the message lists the valid names
  static <E extends Enum<E>> E lowerCaseConstant(List<E> constants, String name) {
    return NamedConstants.find(
        constants, constant -> constant.name().toLowerCase(Locale.ROOT), name);
  }

  /// Returns the value, or reports the message of its [IllegalArgumentException].
  static <T> Optional<T> validated(Supplier<T> value, FieldPath path) {
    try {
      return Optional.of(value.get());
    } catch (IllegalArgumentException e) {
      return path.reject(String.valueOf(e.getMessage()));
    }
  }

  /// UTF-8 cannot encode an unpaired surrogate, and PostgreSQL cannot store NUL.
  private static boolean isStorable(String text) {
    return text.indexOf('\0') < 0 && StandardCharsets.UTF_8.newEncoder().canEncode(text);
  }

  private static <T> Decoder<T> ofType(
      String name, Predicate<JsonNode> isOfType, Function<JsonNode, T> read) {
    return (value, path) ->
        isOfType.test(value) ? Optional.of(read.apply(value)) : wrongType(name, value, path);
  }

  private static <T> Optional<T> wrongType(String expected, JsonNode value, FieldPath path) {
    String actual = value.getNodeType().name().toLowerCase(Locale.ROOT);
    return path.reject("must be " + expected + ", not " + actual);
  }
}
