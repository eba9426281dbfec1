package dev.runhook.bootstrap.setting;

import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Parses and formats durations such as `500ms`, `10s`, `2m`, `5h`, `30d`, or ISO 8601 (`PT10S`).
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

  /// @throws IllegalArgumentException if the value is not a duration; the message follows the name
  ///   of a setting
  public static Duration parse(String text) {
    Matcher matcher = SHORT.matcher(text.toLowerCase(Locale.ROOT));
    if (!matcher.matches()) {
      return iso(text);
    }
    String name = matcher.group(2);
    Unit unit = UNITS.stream().filter(u -> u.name().equals(name)).findFirst().orElseThrow();
    return unit.length().multipliedBy(Long.parseLong(matcher.group(1)));
  }

  /// Formats a duration in the largest unit that leaves no remainder.
  static String format(Duration duration) {
    return UNITS.stream()
        .filter(unit -> duration.toMillis() % unit.length().toMillis() == 0)
        .map(unit -> duration.dividedBy(unit.length()) + unit.name())
        .findFirst()
        .orElseThrow();
  }

  private static Duration iso(String text) {
    try {
      Duration duration = Duration.parse(text);
      if (!duration.isNegative()) {
        return duration;
      }
    } catch (DateTimeParseException _) {
      // rejected below, like a negative duration
    }
    throw new IllegalArgumentException(
        "must be a duration such as 500ms, 10s, 2m, 5h or 30d, not \"" + text + "\"");
  }
}
