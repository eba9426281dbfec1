package dev.runhook.domain.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DurationsTest {
  @ParameterizedTest
  @CsvSource({
    "500ms, PT0.5S",
    "10s, PT10S",
    "10S, PT10S",
    "2m, PT2M",
    "5h, PT5H",
    "30d, PT720H",
    "PT10S, PT10S",
    "pt10s, PT10S",
    "PT1M30.5S, PT1M30.5S",
    "P1D, PT24H",
    "0s, PT0S"
  })
  void both_forms_are_parsed(String text, Duration duration) {
    assertThat(Durations.parse(text)).isEqualTo(duration);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "10",
        "s",
        "10 s",
        "-10s",
        "+10s",
        "1.5s",
        "1m30s",
        "1w",
        "9999999999s",
        "soon",
        "-PT10S",
        "PT-10S",
        "PT",
        "PT99999999999999999999H"
      })
  void other_text_is_refused_without_repeating_it(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Durations.parse(text))
        .withMessage("must be a duration such as 500ms, 10s, 2m, 5h, 30d or PT10S");
  }

  @Test
  void a_duration_out_of_range_is_refused() {
    Duration min = Duration.ofSeconds(1);
    Duration max = Duration.ofMinutes(5);

    assertThat(Durations.parse("1s", min, max)).isEqualTo(min);
    assertThat(Durations.parse("PT5M", min, max)).isEqualTo(max);
    for (String text : new String[] {"999ms", "301s", "PT2562047788015215H"}) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> Durations.parse(text, min, max))
          .withMessage("must be from 1s to 5m");
    }
  }

  @ParameterizedTest
  @CsvSource({"PT0S, 0s", "PT0.1S, 100ms", "PT90S, 90s", "PT5M, 5m", "PT36H, 36h", "PT48H, 2d"})
  void the_largest_unit_without_a_remainder_is_used(Duration duration, String text) {
    assertThat(Durations.format(duration)).isEqualTo(text);
    assertThat(Durations.parse(text)).isEqualTo(duration);
  }
}
