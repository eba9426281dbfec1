package dev.runhook.persistence.secret;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runhook.domain.signing.Header;
import dev.runhook.domain.webhook.CustomHeaders;
import dev.runhook.persistence.secret.EncryptedHeaders.AadContext;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class EncryptedHeadersTest {
  private static final EncryptionKey KEY = EncryptionKey.parse("0a".repeat(32));
  private static final UUID ONE = new UUID(7, 1);
  private static final AadContext WEBHOOK = AadContext.ofWebhook(ONE);
  private static final CustomHeaders HEADERS =
      new CustomHeaders(List.of(new Header("X-Api-Key", "Bearer hush"), new Header("X-Empty", "")));

  private final SecretCipher cipher = new SecretCipher(Optional.of(KEY), List.of());

  @Test
  void headers_are_stored_encrypted_and_can_be_decrypted() {
    EncryptedHeaders encrypted = EncryptedHeaders.encrypt(HEADERS, WEBHOOK, cipher);

    assertThat(encrypted.names()).containsExactly("X-Api-Key", "X-Empty");
    assertThat(encrypted.values())
        .allSatisfy(value -> assertThat(value).matches("[A-Za-z0-9+/]+=*"))
        .noneMatch(value -> value.contains("hush"));
    assertThat(encrypted.keyId()).isEqualTo(KEY.id());
    assertThat(encrypted.decrypt(WEBHOOK, cipher)).isEqualTo(HEADERS);
  }

  @Test
  void headers_can_be_decrypted_only_in_their_row_and_under_their_name() {
    EncryptedHeaders encrypted = EncryptedHeaders.encrypt(HEADERS, WEBHOOK, cipher);
    EncryptedHeaders renamed =
        new EncryptedHeaders(
            List.of("X-Api-Key", "X-Other"), encrypted.values(), encrypted.keyId());
    EncryptedHeaders swapped =
        new EncryptedHeaders(encrypted.names(), encrypted.values().reversed(), encrypted.keyId());
    EncryptedHeaders plain =
        new EncryptedHeaders(encrypted.names(), List.of("a", "b"), encrypted.keyId());

    assertDamaged(encrypted.decrypt(AadContext.ofWebhook(new UUID(7, 2)), cipher));
    assertDamaged(encrypted.decrypt(new AadContext(ONE, 1), cipher));
    assertDamaged(renamed.decrypt(WEBHOOK, cipher));
    assertDamaged(swapped.decrypt(WEBHOOK, cipher));
    assertDamaged(plain.decrypt(WEBHOOK, cipher));
  }

  @Test
  void headers_of_a_revision_can_be_decrypted_only_in_that_revision() {
    EncryptedHeaders encrypted = EncryptedHeaders.encrypt(HEADERS, new AadContext(ONE, 2), cipher);

    assertThat(encrypted.decrypt(new AadContext(ONE, 2), cipher)).isEqualTo(HEADERS);
    assertDamaged(encrypted.decrypt(new AadContext(ONE, 3), cipher));
    assertDamaged(encrypted.decrypt(WEBHOOK, cipher));
  }

  @Test
  void a_missing_key_is_reported_by_its_id() {
    CustomHeaders decrypted =
        EncryptedHeaders.encrypt(HEADERS, WEBHOOK, cipher).decrypt(WEBHOOK, SecretCipher.none());

    assertThat(decrypted.isDecrypted()).isFalse();
    assertThat(decrypted.decryptionError().orElseThrow())
        .contains("webhook " + ONE, "encrypted with key " + KEY.id() + ", which is not configured");
  }

  @Test
  void headers_are_plaintext_without_a_key_and_plaintext_is_readable_with_a_key() {
    EncryptedHeaders encrypted = EncryptedHeaders.encrypt(HEADERS, WEBHOOK, SecretCipher.none());

    assertThat(encrypted)
        .isEqualTo(
            new EncryptedHeaders(
                List.of("X-Api-Key", "X-Empty"), List.of("Bearer hush", ""), null));
    assertThat(encrypted.decrypt(WEBHOOK, cipher)).isEqualTo(HEADERS);
  }

  @Test
  void an_empty_list_of_headers_has_no_key_id() {
    EncryptedHeaders encrypted = EncryptedHeaders.encrypt(CustomHeaders.none(), WEBHOOK, cipher);

    assertThat(encrypted).isEqualTo(new EncryptedHeaders(List.of(), List.of(), null));
    assertThat(encrypted.decrypt(WEBHOOK, SecretCipher.none())).isEqualTo(CustomHeaders.none());
  }

  private static void assertDamaged(CustomHeaders headers) {
    assertThat(headers.decryptionError().orElseThrow())
        .contains("changed or damaged", "webhook 00000000-0000-0007-")
        .doesNotContain("hush");
  }
}
