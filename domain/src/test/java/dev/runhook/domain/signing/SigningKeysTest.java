package dev.runhook.domain.signing;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class SigningKeysTest {
  private static final Instant NOON = Instant.parse("2026-03-14T12:00:00Z");
  private static final SigningSecret FIRST = SigningSecret.parse("first");
  private static final SigningSecret SECOND = SigningSecret.parse("second");
  private static final SigningSecret THIRD = SigningSecret.parse("third");

  @Test
  void a_previous_secret_is_active_before_but_not_at_its_expiry_time() {
    SigningKeys keys = SigningKeys.of(FIRST).rotated(SECOND, NOON, Duration.ofHours(24));

    assertThat(keys.activeSecrets(NOON)).containsExactly(SECOND, FIRST);
    assertThat(keys.activeSecrets(NOON.plus(Duration.ofHours(24)).minusNanos(1)))
        .containsExactly(SECOND, FIRST);
    assertThat(keys.activeSecrets(NOON.plus(Duration.ofHours(24)))).containsExactly(SECOND);
  }

  @Test
  void without_an_overlap_the_old_secret_expires_immediately() {
    SigningKeys keys = SigningKeys.of(FIRST).rotated(SECOND, NOON, Duration.ZERO);

    assertThat(keys).isEqualTo(SigningKeys.of(SECOND));
  }

  @Test
  void a_second_rotation_ends_the_earlier_previous_secret() {
    SigningKeys keys =
        SigningKeys.of(FIRST)
            .rotated(SECOND, NOON, Duration.ofHours(24))
            .rotated(THIRD, NOON.plusSeconds(1), Duration.ofHours(24));

    assertThat(keys.activeSecrets(NOON.plusSeconds(1))).containsExactly(THIRD, SECOND);
  }

  @Test
  void to_string_hides_the_secrets() {
    SigningKeys keys = SigningKeys.of(FIRST).rotated(SECOND, NOON, Duration.ofHours(24));

    assertThat(keys.toString()).doesNotContain("first").doesNotContain("second");
  }

  @Test
  void an_expired_secret_is_removed() {
    SigningKeys keys = SigningKeys.of(FIRST).rotated(SECOND, NOON, Duration.ofHours(24));

    assertThat(keys.withoutExpired(NOON.plus(Duration.ofHours(24)).minusNanos(1))).isEqualTo(keys);
    assertThat(keys.withoutExpired(NOON.plus(Duration.ofHours(24))))
        .isEqualTo(SigningKeys.of(SECOND));
    assertThat(keys.withoutPrevious()).isEqualTo(SigningKeys.of(SECOND));
  }

  @Test
  void an_undecryptable_secret_is_not_kept_as_the_previous_secret() {
    SigningKeys keys =
        SigningKeys.of(SigningSecret.undecryptable("no key"))
            .rotated(SECOND, NOON, Duration.ofDays(1));

    assertThat(keys).isEqualTo(SigningKeys.of(SECOND));
  }
}
