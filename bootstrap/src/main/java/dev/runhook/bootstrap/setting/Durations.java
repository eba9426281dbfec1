package dev.runhook.bootstrap.setting;

import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Durations as people write them: `500ms`, `10s`, `2m`, `5h`, `30d`, or ISO 8601 (`PT10S`).
public final class Durations {
  private static final Pattern SHORT = Pattern.compile("(\\d{1,9})(ms|s|m|h|d)");

  private Durations() {}

  /// Refuses what is none, and says what is.
  public static Duration parse(String text) {
    Matcher matcher = SHORT.matcher(text.toLowerCase(Locale.ROOT));
    if (!matcher.matches()) {
      return iso(text);
    }
    long amount = Long.parseLong(matcher.group(1));
    return switch (matcher.group(2)) {
      case "ms" -> Duration.ofMillis(amount);
      case "s" -> Duration.ofSeconds(amount);
      case "m" -> Duration.ofMinutes(amount);
      case "h" -> Duration.ofHours(amount);
      default -> Duration.ofDays(amount);
    };
  }

  /// One of whole minutes, hours or days, or some milliseconds, as people write it.
  static String written(Duration duration) {
    if (duration.toDays() > 0 && duration.equals(Duration.ofDays(duration.toDays()))) {
      return duration.toDays() + "d";
    }
    return duration.toMinutes() > 0 && duration.equals(Duration.ofMinutes(duration.toMinutes()))
        ? duration.toMinutes() + "m"
        : duration.toMillis() + "ms";
  }

  private static Duration iso(String text) {
    try {
      Duration duration = Duration.parse(text);
      if (!duration.isNegative()) {
        return duration;
      }
    } catch (DateTimeParseException _) {
      // said below, in the same words as for a negative one
    }
    throw new IllegalArgumentException(
        "must be a duration such as 500ms, 10s, 2m, 5h or 30d, not \"" + text + "\"");
  }
}
