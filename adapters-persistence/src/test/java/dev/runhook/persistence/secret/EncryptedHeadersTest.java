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

  private final SecretCipher cipher = SecretCipher.using(Optional.of(KEY), List.of());

  @Test
  void what_is_kept_comes_back_and_cannot_be_read() {
    EncryptedHeaders kept = EncryptedHeaders.encrypt(HEADERS, WEBHOOK, cipher);

    assertThat(kept.names()).containsExactly("X-Api-Key", "X-Empty");
    assertThat(kept.values())
        .allSatisfy(value -> assertThat(value).matches("[A-Za-z0-9+/]+=*"))
        .noneMatch(value -> value.contains("hush"));
    assertThat(kept.keyId()).isEqualTo(KEY.id());
    assertThat(kept.decrypt(WEBHOOK, cipher)).isEqualTo(HEADERS);
  }

  @Test
  void they_open_in_their_row_and_under_their_name_alone() {
    EncryptedHeaders kept = EncryptedHeaders.encrypt(HEADERS, WEBHOOK, cipher);
    EncryptedHeaders renamed =
        new EncryptedHeaders(List.of("X-Api-Key", "X-Other"), kept.values(), kept.keyId());
    EncryptedHeaders swapped =
        new EncryptedHeaders(kept.names(), kept.values().reversed(), kept.keyId());
    EncryptedHeaders plain = new EncryptedHeaders(kept.names(), List.of("a", "b"), kept.keyId());

    assertDamaged(kept.decrypt(AadContext.ofWebhook(new UUID(7, 2)), cipher));
    assertDamaged(kept.decrypt(new AadContext(ONE, 1), cipher));
    assertDamaged(renamed.decrypt(WEBHOOK, cipher));
    assertDamaged(swapped.decrypt(WEBHOOK, cipher));
    assertDamaged(plain.decrypt(WEBHOOK, cipher));
  }

  @Test
  void those_of_a_revision_open_in_it_alone() {
    EncryptedHeaders kept = EncryptedHeaders.encrypt(HEADERS, new AadContext(ONE, 2), cipher);

    assertThat(kept.decrypt(new AadContext(ONE, 2), cipher)).isEqualTo(HEADERS);
    assertDamaged(kept.decrypt(new AadContext(ONE, 3), cipher));
    assertDamaged(kept.decrypt(WEBHOOK, cipher));
  }

  @Test
  void a_key_that_is_not_there_is_named_by_its_id() {
    CustomHeaders opened =
        EncryptedHeaders.encrypt(HEADERS, WEBHOOK, cipher).decrypt(WEBHOOK, SecretCipher.none());

    assertThat(opened.isDecrypted()).isFalse();
    assertThat(opened.decryptionError().orElseThrow())
        .contains("webhook " + ONE, "encrypted with key " + KEY.id() + ", which is not configured");
  }

  @Test
  void without_a_key_they_are_kept_as_they_are_and_plain_ones_are_read_with_one() {
    EncryptedHeaders kept = EncryptedHeaders.encrypt(HEADERS, WEBHOOK, SecretCipher.none());

    assertThat(kept)
        .isEqualTo(
            new EncryptedHeaders(
                List.of("X-Api-Key", "X-Empty"), List.of("Bearer hush", ""), null));
    assertThat(kept.decrypt(WEBHOOK, cipher)).isEqualTo(HEADERS);
  }

  @Test
  void where_there_are_none_no_key_is_told() {
    EncryptedHeaders kept = EncryptedHeaders.encrypt(CustomHeaders.none(), WEBHOOK, cipher);

    assertThat(kept).isEqualTo(new EncryptedHeaders(List.of(), List.of(), null));
    assertThat(kept.decrypt(WEBHOOK, SecretCipher.none())).isEqualTo(CustomHeaders.none());
  }

  private static void assertDamaged(CustomHeaders headers) {
    assertThat(headers.decryptionError().orElseThrow())
        .contains("changed or damaged", "webhook 00000000-0000-0007-")
        .doesNotContain("hush");
  }
}
