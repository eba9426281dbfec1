package dev.runhook.outbound.http;

import java.net.http.HttpHeaders;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import java.util.regex.Pattern;

/// Parses `Retry-After` (RFC 9110, section 10.2.3): a number of seconds or a date. A date is
/// relative to the `Date` header of the response if there is one, and to the local clock otherwise.
final class RetryAfter {
  private static final Pattern SECONDS = Pattern.compile("\\d{1,9}");

  private final InstantSource clock;

  RetryAfter(InstantSource clock) {
    this.clock = clock;
  }

  /// Returns the requested delay of a 429 or 503 response. Empty if the header is missing,
  /// malformed or in the past.
  Optional<Duration> findDelay(int status, HttpHeaders headers) {
    if (status != 429 && status != 503) {
      return Optional.empty();
    }
    return headers
        .firstValue("Retry-After")
        .map(String::strip)
        .flatMap(value -> parse(value, headers))
        .filter(Duration::isPositive);
  }

  private Optional<Duration> parse(String value, HttpHeaders headers) {
    if (SECONDS.matcher(value).matches()) {
      return Optional.of(Duration.ofSeconds(Long.parseLong(value)));
    }
    Instant now =
        headers.firstValue("Date").flatMap(RetryAfter::parseDate).orElseGet(clock::instant);
    return parseDate(value).map(date -> Duration.between(now, date));
  }

  private static Optional<Instant> parseDate(String value) {
    try {
      return Optional.of(DateTimeFormatter.RFC_1123_DATE_TIME.parse(value, Instant::from));
    } catch (DateTimeException ignored) {
      return Optional.empty();
    }
  }
}
