package dev.runhook.domain.signing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
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

  @ParameterizedTest
  @ValueSource(ints = {24, 32, 64})
  void a_secret_in_standard_webhooks_form_is_decoded_for_webhook_signature_only(int length) {
    byte[] bytes = new byte[length];
    Arrays.fill(bytes, (byte) 0xfb);
    String text = "whsec_" + Base64.getEncoder().encodeToString(bytes);

    SigningSecret secret = SigningSecret.parse(text);

    assertThat(secret.standardKey()).isEqualTo(bytes);
    assertThat(secret.standardForm()).isEqualTo(text);
    assertThat(secret.key()).isEqualTo(text.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void a_generated_secret_is_its_own_standard_form() {
    SigningSecret secret = SigningSecret.generate(new Random(7));

    assertThat(secret.standardForm()).isEqualTo(secret.reveal());
  }

  @Test
  void standard_base64_without_padding_is_decoded_too_and_its_standard_form_has_padding() {
    String text = "whsec_" + "A".repeat(43);

    assertThat(SigningSecret.parse(text).standardKey()).isEqualTo(new byte[32]);
    assertThat(SigningSecret.parse(text).standardForm()).isEqualTo(text + "=");
  }

  static Stream<String> otherSecrets() {
    Base64.Encoder base64 = Base64.getEncoder();
    String valid = base64.encodeToString(new byte[32]);
    return Stream.of(
        "whsec_" + base64.encodeToString(new byte[23]),
        "whsec_" + base64.encodeToString(new byte[65]),
        "whsec_" + valid + "!",
        "whsec_" + valid.replace('A', '-'),
        "whsec_" + valid + "\u00e9",
        "WHSEC_" + valid,
        " whsec_" + valid,
        "whsec_",
        valid);
  }

  @ParameterizedTest
  @MethodSource("otherSecrets")
  void any_other_secret_is_its_text_in_every_signature(String text) {
    SigningSecret secret = SigningSecret.parse(text);
    byte[] key = text.getBytes(StandardCharsets.UTF_8);

    assertThat(secret.standardKey()).isEqualTo(key);
    assertThat(secret.standardForm()).isEqualTo("whsec_" + Base64.getEncoder().encodeToString(key));
  }

  @Test
  void a_secret_of_fewer_than_16_characters_has_a_warning_that_does_not_quote_it() {
    assertThat(SigningSecret.parse("hunter2-hunter2").warnings())
        .singleElement()
        .asString()
        .contains("fewer than 16 characters")
        .doesNotContain("hunter2");
    assertThat(SigningSecret.parse("hunter2-hunter2-").warnings()).isEmpty();
    assertThat(SigningSecret.parse("🔑".repeat(15)).warnings()).hasSize(1);
    assertThat(SigningSecret.undecryptable("no key").warnings()).isEmpty();
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
