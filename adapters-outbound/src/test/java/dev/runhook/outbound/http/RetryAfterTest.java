package dev.runhook.outbound.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpHeaders;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class RetryAfterTest {
  private final OutcomeMapper.RetryAfter retryAfter =
      new OutcomeMapper.RetryAfter(TransportFixture.CLOCK);

  @Test
  void the_header_is_used_only_for_429_and_503() {
    assertThat(delay(429, "17", "")).contains(Duration.ofSeconds(17));
    assertThat(delay(503, " 999999999 ", "")).contains(Duration.ofSeconds(999_999_999));
    assertThat(delay(500, "17", "")).isEmpty();
    assertThat(delay(200, "17", "")).isEmpty();
  }

  @Test
  void a_date_is_relative_to_the_date_header_of_the_response() {
    assertThat(delay(503, "Fri, 02 Jan 2026 03:05:05 GMT", "")).contains(Duration.ofMinutes(1));
    assertThat(delay(503, "Fri, 02 Jan 2026 03:05:05 GMT", "Fri, 02 Jan 2026 03:00:05 GMT"))
        .contains(Duration.ofMinutes(5));
    assertThat(delay(503, "Fri, 02 Jan 2026 03:05:05 GMT", "yesterday"))
        .contains(Duration.ofMinutes(1));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "0",
        "-5",
        "1.5",
        "soon",
        "12345678901234567890",
        "Fri, 02 Jan 2026 03:04:00 GMT",
        "Fri, 32 Jan 2026 03:04:00 GMT"
      })
  void a_malformed_or_past_value_is_ignored(String value) {
    assertThat(delay(429, value, "")).isEmpty();
  }

  private Optional<Duration> delay(int status, String value, String date) {
    Map<String, List<String>> headers = new HashMap<>(Map.of("Retry-After", List.of(value)));
    if (!date.isEmpty()) {
      headers.put("Date", List.of(date));
    }
    return retryAfter.findDelay(status, HttpHeaders.of(headers, (name, text) -> true));
  }
}
