package dev.runhook.persistence.secret;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.runhook.domain.signing.SecretDecryptionException;
import dev.runhook.domain.signing.SigningSecret;
import dev.runhook.persistence.secret.SecretCipher.Column;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SecretCipherTest {
  private static final EncryptionKey OLD = EncryptionKey.parse("0a".repeat(32));
  private static final EncryptionKey NEW = EncryptionKey.parse("0b".repeat(32));
  private static final UUID ONE = new UUID(7, 1);
  private static final UUID OTHER = new UUID(7, 2);

  private final SecretCipher oldCipher = new SecretCipher(Optional.of(OLD), List.of());

  @ParameterizedTest
  @ValueSource(strings = {"short", "It's a Secret to Everybody", "нов'ый \\ 密 💬"})
  void a_secret_is_stored_encrypted_and_can_be_decrypted(String text) {
    String encrypted = oldCipher.encrypt(ONE, Column.SECRET, SigningSecret.parse(text));

    assertThat(encrypted).matches("[A-Za-z0-9+/]+=*").isNotEqualTo(text);
    assertThat(new String(Base64.getDecoder().decode(encrypted), StandardCharsets.UTF_8))
        .doesNotContain(text);
    assertThat(oldCipher.decrypt(ONE, Column.SECRET, encrypted, OLD.id()).reveal()).isEqualTo(text);
  }

  @Test
  void encrypting_the_same_secret_twice_gives_different_ciphertexts() {
    Set<String> encrypted = new HashSet<>();
    for (int i = 0; i < 1000; i++) {
      encrypted.add(
          oldCipher.encrypt(ONE, Column.SECRET, SigningSecret.parse("same")).substring(0, 16));
    }

    assertThat(encrypted).hasSize(1000);
  }

  @Test
  void a_secret_can_be_decrypted_only_in_its_row_and_column() {
    String encrypted = oldCipher.encrypt(ONE, Column.SECRET, SigningSecret.parse("hush"));

    assertUndecryptable(
        oldCipher.decrypt(OTHER, Column.SECRET, encrypted, OLD.id()), "changed or damaged");
    assertUndecryptable(
        oldCipher.decrypt(ONE, Column.PREVIOUS_SECRET, encrypted, OLD.id()), "changed or damaged");
  }

  @Test
  void any_changed_bit_is_detected() {
    byte[] encryptedBytes =
        Base64.getDecoder()
            .decode(oldCipher.encrypt(ONE, Column.SECRET, SigningSecret.parse("hush")));

    for (int bit = 0; bit < encryptedBytes.length * 8; bit++) {
      byte[] changed = encryptedBytes.clone();
      changed[bit / 8] ^= (byte) (1 << bit % 8);
      String encrypted = Base64.getEncoder().encodeToString(changed);
      assertThat(oldCipher.decrypt(ONE, Column.SECRET, encrypted, OLD.id()).isDecrypted())
          .isFalse();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "hush", "AAAA", "not base64", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"})
  void text_that_was_never_encrypted_is_undecryptable(String encrypted) {
    assertUndecryptable(
        oldCipher.decrypt(ONE, Column.SECRET, encrypted, OLD.id()), "changed or damaged");
  }

  @Test
  void a_previous_key_decrypts_but_does_not_encrypt() {
    String encrypted = oldCipher.encrypt(ONE, Column.SECRET, SigningSecret.parse("hush"));
    SecretCipher both = new SecretCipher(Optional.of(NEW), List.of(OLD));

    assertThat(both.decrypt(ONE, Column.SECRET, encrypted, OLD.id()).reveal()).isEqualTo("hush");
    assertThat(both.keyId()).isEqualTo(NEW.id());
    String reencrypted = both.encrypt(ONE, Column.SECRET, SigningSecret.parse("hush"));
    assertThat(
            new SecretCipher(Optional.of(NEW), List.of())
                .decrypt(ONE, Column.SECRET, reencrypted, NEW.id())
                .reveal())
        .isEqualTo("hush");
  }

  @Test
  void a_missing_key_is_reported_by_its_id() {
    String encrypted = oldCipher.encrypt(ONE, Column.SECRET, SigningSecret.parse("hush"));

    SigningSecret decrypted = SecretCipher.none().decrypt(ONE, Column.SECRET, encrypted, OLD.id());

    assertUndecryptable(
        decrypted, "is encrypted with key " + OLD.id() + ", which is not configured");
  }

  @Test
  void secrets_are_stored_as_plaintext_without_a_key() {
    SecretCipher none = SecretCipher.none();

    assertThat(none.keyId()).isNull();
    assertThat(none.encrypt(ONE, Column.SECRET, SigningSecret.parse("plain"))).isEqualTo("plain");
    assertThat(oldCipher.decrypt(ONE, Column.SECRET, "plain", null).reveal()).isEqualTo("plain");
  }

  private static void assertUndecryptable(SigningSecret secret, String reason) {
    assertThat(secret.isDecrypted()).isFalse();
    assertThatThrownBy(secret::reveal)
        .isInstanceOf(SecretDecryptionException.class)
        .hasMessageContaining(reason)
        .hasMessageContaining("webhook 00000000-0000-0007-")
        .hasMessageNotContaining("hush");
  }
}
