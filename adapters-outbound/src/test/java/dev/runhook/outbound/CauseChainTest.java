package dev.runhook.outbound;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;

final class CauseChainTest {
  @Test
  void a_message_has_one_line_and_no_invisible_characters() {
    assertThat(new CauseChain(new IOException("a\r\nb\u0085c\u2028d\u202ee\u200b")).message())
        .isEqualTo("a b c de");
  }

  @Test
  void a_long_message_is_cut_between_characters() {
    String ascii = "x".repeat(198);

    assertThat(new CauseChain(new IOException(ascii + "🎉🎉")).message()).isEqualTo(ascii + "…");
  }
}
