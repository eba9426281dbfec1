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

/// Times as RFC 3339 writes them. Read with any offset; written in UTC, to the millisecond.
public final class Rfc3339 {
  private static final DateTimeFormatter WRITTEN =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);
  private static final Pattern READ =
      Pattern.compile(
          "\\d{4}-\\d{2}-\\d{2}[Tt]\\d{2}:\\d{2}:\\d{2}(\\.\\d{1,9})?([Zz]|[+-]\\d{2}:\\d{2})");
  private static final String MEND =
      "must be a time as in RFC 3339, such as 2026-01-31T12:00:00Z or 2026-01-31T13:00:00.250+01:00";
  private static final String ESCAPED_PLUS = URLEncoder.encode("+", UTF_8);
  private static final int LAST_YEAR = 9999;

  private Rfc3339() {}

  static String format(Instant time) {
    return WRITTEN.format(time);
  }

  /// A time in a query, where a + that is not escaped has become a space.
  public static Instant parseQueryParameter(String text) {
    if (text.contains(" ") && READ.matcher(text.replace(' ', '+')).matches()) {
      throw new IllegalArgumentException(
          "has a space where its offset begins; in a query a + must be written as " + ESCAPED_PLUS);
    }
    return parse(text);
  }

  static Instant parse(String text) {
    if (!READ.matcher(text).matches()) {
      throw new IllegalArgumentException(MEND);
    }
    try {
      OffsetDateTime time =
          OffsetDateTime.parse(text.toUpperCase(Locale.ROOT)).withOffsetSameInstant(ZoneOffset.UTC);
      if (time.getYear() < 1 || time.getYear() > LAST_YEAR) {
        throw new IllegalArgumentException("must be a time in the years 1 to " + LAST_YEAR);
      }
      return time.toInstant();
    } catch (DateTimeException e) {
      throw new IllegalArgumentException(MEND, e);
    }
  }
}
