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

  private final SecretCipher old = SecretCipher.using(Optional.of(OLD), List.of());

  @ParameterizedTest
  @ValueSource(strings = {"short", "It's a Secret to Everybody", "нов'ый \\ 密 💬"})
  void what_is_kept_comes_back_and_cannot_be_read(String text) {
    String kept = old.encrypt(ONE, Column.SECRET, SigningSecret.parse(text));

    assertThat(kept).matches("[A-Za-z0-9+/]+=*").isNotEqualTo(text);
    assertThat(new String(Base64.getDecoder().decode(kept), StandardCharsets.UTF_8))
        .doesNotContain(text);
    assertThat(old.decrypt(ONE, Column.SECRET, kept, OLD.id()).reveal()).isEqualTo(text);
  }

  @Test
  void the_same_secret_is_never_kept_the_same_way() {
    Set<String> kept = new HashSet<>();
    for (int i = 0; i < 1000; i++) {
      kept.add(old.encrypt(ONE, Column.SECRET, SigningSecret.parse("same")).substring(0, 16));
    }

    assertThat(kept).hasSize(1000);
  }

  @Test
  void it_opens_in_its_row_and_column_alone() {
    String kept = old.encrypt(ONE, Column.SECRET, SigningSecret.parse("hush"));

    assertUnreadable(old.decrypt(OTHER, Column.SECRET, kept, OLD.id()), "changed or damaged");
    assertUnreadable(
        old.decrypt(ONE, Column.PREVIOUS_SECRET, kept, OLD.id()), "changed or damaged");
  }

  @Test
  void every_bit_counts() {
    byte[] sealed =
        Base64.getDecoder().decode(old.encrypt(ONE, Column.SECRET, SigningSecret.parse("hush")));

    for (int bit = 0; bit < sealed.length * 8; bit++) {
      byte[] changed = sealed.clone();
      changed[bit / 8] ^= (byte) (1 << bit % 8);
      String kept = Base64.getEncoder().encodeToString(changed);
      assertThat(old.decrypt(ONE, Column.SECRET, kept, OLD.id()).isDecrypted()).isFalse();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "hush", "AAAA", "no base64", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"})
  void what_was_never_kept_is_unreadable(String kept) {
    assertUnreadable(old.decrypt(ONE, Column.SECRET, kept, OLD.id()), "changed or damaged");
  }

  @Test
  void a_previous_key_opens_and_does_not_encrypt() {
    String kept = old.encrypt(ONE, Column.SECRET, SigningSecret.parse("hush"));
    SecretCipher both = SecretCipher.using(Optional.of(NEW), List.of(OLD));

    assertThat(both.decrypt(ONE, Column.SECRET, kept, OLD.id()).reveal()).isEqualTo("hush");
    assertThat(both.keyId()).isEqualTo(NEW.id());
    String anew = both.encrypt(ONE, Column.SECRET, SigningSecret.parse("hush"));
    assertThat(
            SecretCipher.using(Optional.of(NEW), List.of())
                .decrypt(ONE, Column.SECRET, anew, NEW.id())
                .reveal())
        .isEqualTo("hush");
  }

  @Test
  void a_key_that_is_not_there_is_named_by_its_id() {
    String kept = old.encrypt(ONE, Column.SECRET, SigningSecret.parse("hush"));

    SigningSecret opened = SecretCipher.none().decrypt(ONE, Column.SECRET, kept, OLD.id());

    assertUnreadable(opened, "is encrypted with key " + OLD.id() + ", which is not configured");
  }

  @Test
  void without_a_key_secrets_are_kept_as_they_are() {
    SecretCipher none = SecretCipher.none();

    assertThat(none.keyId()).isNull();
    assertThat(none.encrypt(ONE, Column.SECRET, SigningSecret.parse("plain"))).isEqualTo("plain");
    assertThat(old.decrypt(ONE, Column.SECRET, "plain", null).reveal()).isEqualTo("plain");
  }

  private static void assertUnreadable(SigningSecret secret, String why) {
    assertThat(secret.isDecrypted()).isFalse();
    assertThatThrownBy(secret::reveal)
        .isInstanceOf(SecretDecryptionException.class)
        .hasMessageContaining(why)
        .hasMessageContaining("webhook 00000000-0000-0007-")
        .hasMessageNotContaining("hush");
  }
}
