package dev.runhook.outbound.http;

import java.net.http.HttpHeaders;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import java.util.regex.Pattern;

/// Reads `Retry-After` (RFC 9110, 10.2.3): seconds, or a date, which is taken against the
/// receiver's own `Date` where it sent one.
final class RetryAfter {
  private static final Pattern SECONDS = Pattern.compile("\\d{1,9}");

  private final InstantSource clock;

  RetryAfter(InstantSource clock) {
    this.clock = clock;
  }

  /// What was asked for with 429 or 503; empty where nothing legible was, or a time that is over.
  Optional<Duration> findDelay(int status, HttpHeaders headers) {
    if (status != 429 && status != 503) {
      return Optional.empty();
    }
    return headers
        .firstValue("Retry-After")
        .map(String::strip)
        .flatMap(value -> read(value, headers))
        .filter(Duration::isPositive);
  }

  private Optional<Duration> read(String value, HttpHeaders headers) {
    if (SECONDS.matcher(value).matches()) {
      return Optional.of(Duration.ofSeconds(Long.parseLong(value)));
    }
    Instant now = headers.firstValue("Date").flatMap(RetryAfter::date).orElseGet(clock::instant);
    return date(value).map(then -> Duration.between(now, then));
  }

  private static Optional<Instant> date(String value) {
    try {
      return Optional.of(DateTimeFormatter.RFC_1123_DATE_TIME.parse(value, Instant::from));
    } catch (DateTimeException _) {
      return Optional.empty();
    }
  }
}
