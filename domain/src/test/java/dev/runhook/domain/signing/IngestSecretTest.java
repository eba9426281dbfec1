package dev.runhook.domain.signing;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.runhook.domain.account.AccountId;
import dev.runhook.domain.signing.IngestSecret.Algorithm;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IngestSecretTest {
  private static final String SHA256 =
      "757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17";

  /// Computed with `openssl dgst -sha512 -hmac`.
  private static final String SHA512 =
      "11ed355a617e98134e842012a7944ccf59c10256cb182357bd7e3a42013ff07c"
          + "376f8c14cf5cc1923da20b51d64256b2fb8ebbf100aa67a61326f61fea8111bc";

  private static final byte[] BODY = "Hello, World!".getBytes(UTF_8);

  private final IngestSecret secret =
      new IngestSecret(new AccountId("acme"), SigningSecret.parse("It's a Secret to Everybody"));

  @Test
  void the_signatures_of_other_programs_are_accepted() {
    assertThat(secret.verifies(Algorithm.SHA256, BODY, SHA256)).isTrue();
    assertThat(secret.verifies(Algorithm.SHA512, BODY, SHA512)).isTrue();
    assertThat(secret.verifies(Algorithm.SHA512, BODY, SHA512.toUpperCase(Locale.ROOT))).isTrue();
  }

  @Test
  void a_signature_of_another_body_secret_or_algorithm_is_not_accepted() {
    IngestSecret other =
        new IngestSecret(secret.account(), SigningSecret.parse("It's another Secret"));

    assertThat(secret.verifies(Algorithm.SHA512, "Hello, world!".getBytes(UTF_8), SHA512))
        .isFalse();
    assertThat(other.verifies(Algorithm.SHA512, BODY, SHA512)).isFalse();
    assertThat(secret.verifies(Algorithm.SHA512, BODY, SHA256)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "0", "zz", "75", SHA512 + "00"})
  void a_malformed_signature_is_not_accepted(String text) {
    assertThat(secret.verifies(Algorithm.SHA512, BODY, text)).isFalse();
  }

  @Test
  void the_text_form_hides_the_secret() {
    assertThat(secret.toString()).contains("acme").doesNotContain("Everybody");
  }
}
