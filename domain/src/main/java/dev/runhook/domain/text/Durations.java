package dev.runhook.domain.text;

import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Parses and formats durations such as `500ms`, `10s`, `2m`, `5h` or `30d`. ISO 8601 (`PT10S`) is
/// parsed too.
public final class Durations {
  private static final Pattern SHORT = Pattern.compile("(\\d{1,9})(ms|s|m|h|d)");

  private record Unit(String name, Duration length) {}

  /// The units in descending order.
  private static final List<Unit> UNITS =
      List.of(
          new Unit("d", Duration.ofDays(1)),
          new Unit("h", Duration.ofHours(1)),
          new Unit("m", Duration.ofMinutes(1)),
          new Unit("s", Duration.ofSeconds(1)),
          new Unit("ms", Duration.ofMillis(1)));

  private Durations() {}

  /// Parses a duration in either form, in upper or lower case.
  ///
  /// @throws IllegalArgumentException if the text is not a duration, or a negative one; the message
  ///   follows the name of a setting or field, and does not repeat the text
  public static Duration parse(String text) {
    Matcher matcher = SHORT.matcher(text.toLowerCase(Locale.ROOT));
    if (!matcher.matches()) {
      return parseIso(text);
    }
    String name = matcher.group(2);
    Unit unit = UNITS.stream().filter(u -> u.name().equals(name)).findFirst().orElseThrow();
    return unit.length().multipliedBy(Long.parseLong(matcher.group(1)));
  }

  /// Parses a duration that must be within limits.
  ///
  /// @param min in whole milliseconds, like `max`
  /// @throws IllegalArgumentException as [#parse(String)] does, or if the duration is out of range
  public static Duration parse(String text, Duration min, Duration max) {
    Duration duration = parse(text);
    if (duration.compareTo(min) < 0 || duration.compareTo(max) > 0) {
      throw new IllegalArgumentException("must be from " + format(min) + " to " + format(max));
    }
    return duration;
  }

  /// Formats a duration of whole milliseconds in the largest unit that leaves no remainder.
  public static String format(Duration duration) {
    if (duration.isZero()) {
      return "0s";
    }
    return UNITS.stream()
        .filter(unit -> duration.toMillis() % unit.length().toMillis() == 0)
        .map(unit -> duration.dividedBy(unit.length()) + unit.name())
        .findFirst()
        .orElseThrow();
  }

  private static Duration parseIso(String text) {
    try {
      Duration duration = Duration.parse(text);
      if (!duration.isNegative()) {
        return duration;
      }
    } catch (DateTimeParseException ignored) {
      // rejected below, like a negative duration
    }
    throw new IllegalArgumentException(
        "must be a duration such as 500ms, 10s, 2m, 5h, 30d or PT10S");
  }
}
