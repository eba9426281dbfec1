package dev.runhook.bootstrap.setting;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Collectors;

/// How the text of a setting becomes its value. What is thrown is a sentence that goes on after the
/// name of the variable.
final class SettingParsers {
  private static final int SHORTEST_TOKEN = 24;

  private SettingParsers() {}

  static String text(String text) {
    return text;
  }

  static Function<String, Integer> integer(int least, int most) {
    return text -> {
      if (!text.matches("\\d{1,9}")
          || Integer.parseInt(text) < least
          || Integer.parseInt(text) > most) {
        throw new IllegalArgumentException(
            "must be a whole number from " + least + " to " + most + ", not \"" + text + "\"");
      }
      return Integer.parseInt(text);
    };
  }

  static Boolean bool(String text) {
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "true" -> true;
      case "false" -> false;
      default -> throw new IllegalArgumentException("must be true or false, not \"" + text + "\"");
    };
  }

  static <E extends Enum<E>> Function<String, E> choice(Class<E> choices) {
    E[] values = choices.getEnumConstants();
    return text ->
        Arrays.stream(values)
            .filter(value -> value.name().equalsIgnoreCase(text))
            .findFirst()
            .orElseThrow(() ->
                new IllegalArgumentException(
                    "must be one of " + names(values) + ", not \"" + text + "\""));
  }

  static Function<String, Duration> duration(Duration least, Duration most) {
    return text -> {
      Duration duration = Durations.parse(text);
      if (duration.compareTo(least) < 0 || duration.compareTo(most) > 0) {
        throw new IllegalArgumentException(
            "must be from "
                + Durations.text(least)
                + " to "
                + Durations.text(most)
                + ", not \""
                + text
                + "\"");
      }
      return duration;
    };
  }

  static List<Duration> retrySchedule(String text) {
    List<Duration> waits = list(Durations::parse).apply(text);
    if (waits.isEmpty()
        || waits.stream().anyMatch(wait -> wait.compareTo(Duration.ofDays(7)) > 0)) {
      throw new IllegalArgumentException(
          "must be waits between attempts of at most 7d each, such as 5s,30s,2m");
    }
    return waits;
  }

  /// What makes whole sentences of its own, after the words that lead to them.
  static <T> Function<String, T> withErrorPrefix(String lead, Function<String, T> parse) {
    return text -> {
      try {
        return parse.apply(text);
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException(lead + e.getMessage(), e);
      }
    };
  }

  /// Parts between commas.
  static <T> Function<String, List<T>> list(Function<String, T> parse) {
    return text ->
        Arrays.stream(text.split(","))
            .map(String::strip)
            .filter(part -> !part.isEmpty())
            .map(parse)
            .toList();
  }

  static String token(String text) {
    if (text.length() < SHORTEST_TOKEN || !text.matches("[\\x21-\\x7e]+")) {
      throw new IllegalArgumentException(
          "must be " + SHORTEST_TOKEN + " or more printable characters without spaces");
    }
    return text;
  }

  private static String names(Enum<?>[] values) {
    return Arrays.stream(values)
        .map(value -> value.name().toLowerCase(Locale.ROOT))
        .collect(Collectors.joining(", "));
  }
}
