package dev.runhook.domain.signing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SigningSecretTest {
  @Test
  void only_reveal_returns_the_text() {
    SigningSecret secret = SigningSecret.parse("hunter2");

    assertThat(secret).hasToString("(secret)");
    assertThat("the secret is " + secret).doesNotContain("hunter2");
    assertThat(secret.reveal()).isEqualTo("hunter2");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a", " padded ", "whsec_plain", "пароль", "鍵", "\u00e9", "~!@#$%^&*()"})
  void a_secret_is_kept_as_typed(String text) {
    SigningSecret secret = SigningSecret.parse(text);

    assertThat(secret.reveal()).isEqualTo(text);
    assertThat(secret.key()).isEqualTo(text.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void an_emoji_is_accepted() {
    SigningSecret secret = SigningSecret.parse("open 🔑 sesame");

    assertThat(secret.key()).isEqualTo("open 🔑 sesame".getBytes(StandardCharsets.UTF_8));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", " ", "\t", "a\nb", "a\u0000b", "\u007f", "half \ud83d", "\udd11 half"})
  void blank_and_unencodable_secrets_are_refused_and_not_quoted(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> SigningSecret.parse(text))
        .withMessageStartingWith("the secret ");
  }

  @Test
  void a_secret_has_at_most_512_characters_and_is_not_quoted_when_refused() {
    assertThat(SigningSecret.parse("s".repeat(512)).reveal()).hasSize(512);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> SigningSecret.parse("s".repeat(513)))
        .withMessageContaining("512")
        .withMessageNotContaining("ssss");
  }

  @Test
  void a_generated_secret_has_a_prefix_and_32_bytes_in_base64() {
    String text = SigningSecret.generate(new Random(7)).reveal();

    assertThat(text).startsWith("whsec_");
    assertThat(Base64.getDecoder().decode(text.substring("whsec_".length()))).hasSize(32);
  }

  @Test
  void generated_secrets_differ() {
    Random random = new Random(7);

    assertThat(SigningSecret.generate(random)).isNotEqualTo(SigningSecret.generate(random));
  }

  @Test
  void the_standard_form_is_the_key_in_base64() {
    assertThat(SigningSecret.parse("schlüssel-鍵").standardForm())
        .isEqualTo("whsec_c2NobMO8c3NlbC3pjbU=");
  }

  @Test
  void secrets_with_the_same_text_are_equal() {
    SigningSecret secret = SigningSecret.parse("a");

    assertThat(secret)
        .isEqualTo(SigningSecret.parse("a"))
        .hasSameHashCodeAs(SigningSecret.parse("a"));
    assertThat(secret).isNotEqualTo(SigningSecret.parse("A"));
  }
}
