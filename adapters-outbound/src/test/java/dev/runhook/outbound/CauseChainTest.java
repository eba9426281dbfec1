package dev.runhook.outbound;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;

final class CauseChainTest {
  @Test
  void a_long_message_is_cut_between_characters() {
    String ascii = "x".repeat(198);

    assertThat(new CauseChain(new IOException(ascii + "🎉🎉")).message()).isEqualTo(ascii + "…");
  }
}
