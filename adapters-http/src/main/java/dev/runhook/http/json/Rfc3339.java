package dev.runhook.http.json;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URLEncoder;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.regex.Pattern;

/// Parses and formats RFC 3339 times. Parsing accepts any offset. Formatting uses UTC with
/// milliseconds.
public final class Rfc3339 {
  private static final DateTimeFormatter FORMAT =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);
  private static final Pattern SYNTAX =
      Pattern.compile(
          "\\d{4}-\\d{2}-\\d{2}[Tt]\\d{2}:\\d{2}:\\d{2}(\\.\\d{1,9})?([Zz]|[+-]\\d{2}:\\d{2})");
  private static final String HINT =
      "must be an RFC 3339 time, such as 2026-01-31T12:00:00Z or 2026-01-31T13:00:00.250+01:00";

  /// Computed, because Error Prone mistakes the literal `%2B` for a misplaced format specifier.
  private static final String ESCAPED_PLUS = URLEncoder.encode("+", UTF_8);

  private static final int MAX_YEAR = 9999;

  private Rfc3339() {}

  static String format(Instant time) {
    return FORMAT.format(time);
  }

  /// Parses a query parameter. A plus sign that is not escaped arrives as a space, and the error
  /// then says so.
  public static Instant parseQueryParameter(String text) {
    if (text.contains(" ") && SYNTAX.matcher(text.replace(' ', '+')).matches()) {
      throw new IllegalArgumentException(
          "has a space before the offset; write + as " + ESCAPED_PLUS + " in a query");
    }
    return parse(text);
  }

  static Instant parse(String text) {
    if (!SYNTAX.matcher(text).matches()) {
      throw new IllegalArgumentException(HINT);
    }
    try {
      OffsetDateTime time =
          OffsetDateTime.parse(text.toUpperCase(Locale.ROOT)).withOffsetSameInstant(ZoneOffset.UTC);
      if (time.getYear() < 1 || time.getYear() > MAX_YEAR) {
        throw new IllegalArgumentException("must be in the years 1 to " + MAX_YEAR);
      }
      return time.toInstant();
    } catch (DateTimeException e) {
      throw new IllegalArgumentException(HINT, e);
    }
  }
}
