package dev.runhook.http;

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
interface Form<T> {
  /// The most characters of a free text, as the domain bounds them.
  int LONGEST_TEXT = 65_536;

  /// The largest whole number that every reader of JSON keeps.
  long LARGEST_NUMBER = (1L << 53) - 1;

  Form<String> STRING =
      (value, place) ->
          value.isTextual() ? keepable(value.textValue(), place) : notA("string", value, place);
  Form<Boolean> FLAG =
      (value, place) ->
          value.isBoolean()
              ? Optional.of(value.booleanValue())
              : notA("boolean, true or false", value, place);

  Form<String> TEXT = STRING.as(Form::bounded);
  Form<String> NON_BLANK_TEXT = TEXT.as(Form::nonBlank);
  Form<Instant> TIME = STRING.as(Times::read);

  Optional<T> read(JsonNode value, Place place);

  /// This form, then made into something else by what may throw an [IllegalArgumentException] that
  /// tells how to mend it.
  default <U> Form<U> as(Function<T, U> make) {
    return (value, place) ->
        read(value, place).flatMap(read -> made(() -> make.apply(read), place));
  }

  /// A whole number from `min` on, written without point or exponent.
  static Form<Long> wholeFrom(long min) {
    return (value, place) -> {
      if (!value.isNumber()) {
        return notA("number", value, place);
      }
      boolean fits =
          value.isIntegralNumber()
              && value.canConvertToLong()
              && value.longValue() >= min
              && value.longValue() <= LARGEST_NUMBER;
      return fits
          ? Optional.of(value.longValue())
          : place.wrong("must be a whole number from " + min + " to " + LARGEST_NUMBER);
    };
  }

  static <E extends Enum<E>> Form<E> oneOf(Class<E> type) {
    return STRING.as(name -> constant(type, name));
  }

  static <T> Form<List<T>> listOf(Form<T> form) {
    return (value, place) -> {
      if (!(value instanceof ArrayNode array)) {
        return notA("array", value, place);
      }
      List<T> items = new ArrayList<>();
      for (int i = 0; i < array.size(); i++) {
        form.read(array.get(i), place.at(i)).ifPresent(items::add);
      }
      return items.size() == array.size() ? Optional.of(items) : Optional.empty();
    };
  }

  static <T> Form<T> object(Function<Fields, Optional<T>> reading) {
    return (value, place) ->
        value instanceof ObjectNode object
            ? reading.apply(new Fields(object, place))
            : notA("object", value, place);
  }

  /// The constant of that name; what there is else, in the message.
  static <E extends Enum<E>> E constant(Class<E> type, String name) {
    return Arrays.stream(type.getEnumConstants())
        .filter(constant -> constant.name().equals(name))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("must be one of " + names(type)));
  }

  private static String names(Class<? extends Enum<?>> type) {
    return Arrays.stream(type.getEnumConstants()).map(Enum::name).collect(Collectors.joining(", "));
  }

  static <T> Optional<T> made(Supplier<T> make, Place place) {
    try {
      return Optional.of(make.get());
    } catch (IllegalArgumentException e) {
      return place.wrong(String.valueOf(e.getMessage()));
    }
  }

  private static String bounded(String text) {
    if (text.length() > LONGEST_TEXT) {
      throw new IllegalArgumentException(
          "is longer than " + LONGEST_TEXT + " characters; shorten it");
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
  private static Optional<String> keepable(String text, Place place) {
    return text.indexOf('\0') < 0 && StandardCharsets.UTF_8.newEncoder().canEncode(text)
        ? Optional.of(text)
        : place.wrong("has a NUL character or half a surrogate pair in it; leave that out");
  }

  private static <T> Optional<T> notA(String wanted, JsonNode value, Place place) {
    String article = "aeio".indexOf(wanted.charAt(0)) >= 0 ? "an " : "a ";
    return place.wrong(
        "must be "
            + article
            + wanted
            + ", not "
            + value.getNodeType().name().toLowerCase(Locale.ROOT));
  }
}
