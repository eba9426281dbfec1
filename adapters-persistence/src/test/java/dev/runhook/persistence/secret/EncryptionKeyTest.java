package dev.runhook.persistence.secret;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Base64;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EncryptionKeyTest {
  private static final byte[] BYTES =
      HexFormat.of().parseHex("fbff".repeat(16)); // + and / in base64

  @Test
  void base64_and_hex_of_the_same_bytes_are_the_same_key() {
    String id = EncryptionKey.parse("fbff".repeat(16)).id();

    assertThat(id).matches("[0-9a-f]{16}");
    assertThat(EncryptionKey.parse("FBFF".repeat(16)).id()).isEqualTo(id);
    assertThat(EncryptionKey.parse(Base64.getEncoder().encodeToString(BYTES)).id()).isEqualTo(id);
    assertThat(EncryptionKey.parse(Base64.getUrlEncoder().encodeToString(BYTES)).id())
        .isEqualTo(id);
    assertThat(EncryptionKey.parse("ab".repeat(32)).id()).isNotEqualTo(id);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "hush",
        "hush hush",
        "aHVzaA==",
        "6875736868757368687573686875736868757368687573686875736868757368ff",
        "68757368"
      })
  void an_invalid_key_is_rejected_without_echoing_it(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> EncryptionKey.parse(text))
        .withMessageStartingWith("must be 32 random bytes in base64 or hex")
        .satisfies(e -> assertThat(e.getMessage()).doesNotContain(text));
  }

  @Test
  void the_text_form_does_not_contain_the_key() {
    assertThat(EncryptionKey.parse("fbff".repeat(16)).toString()).matches("\\(key [0-9a-f]{16}\\)");
  }
}
