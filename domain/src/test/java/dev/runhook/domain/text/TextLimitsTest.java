package dev.runhook.domain.text;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TextLimitsTest {
  @ParameterizedTest
  @CsvSource({
    "abcd, abcd, abcd",
    "abcde, abcd, abc…",
    "ab🎉, ab🎉, ab🎉",
    "abc🎉, abc, abc…",
    "ab🎉d, ab🎉, ab…"
  })
  void a_long_text_is_cut_between_characters(String text, String cut, String shortened) {
    assertThat(TextLimits.cut(text, 4)).isEqualTo(cut);
    assertThat(TextLimits.shorten(text, 4)).isEqualTo(shortened);
  }
}
