package dev.runhook.domain.account;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runhook.domain.account.TokenSecret.Format;
import java.security.SecureRandom;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TokenSecretTest {
  private final String text = TokenSecret.generate(new Random(7)).reveal();

  @Test
  void generated_tokens_are_unique_and_valid() {
    Set<String> texts = new HashSet<>();
    SecureRandom random = new SecureRandom();

    for (int i = 0; i < 1000; i++) {
      texts.add(TokenSecret.generate(random).reveal());
    }

    assertThat(texts)
        .hasSize(1000)
        .allMatch(one -> one.matches("rhk_[0-9A-Za-z]{49}"))
        .allMatch(one -> TokenSecret.formatOf(one) == Format.VALID);
  }

  @Test
  void the_checksum_matches_the_documented_one() {
    // zlib computes 0xF3540F52 as the CRC-32 of 43 times "a"; here in base 62 with leading zeros
    String characters = "a".repeat(43);

    assertThat(TokenSecret.formatOf("rhk_" + characters + "4SHDYg")).isEqualTo(Format.VALID);
  }

  @Test
  void one_wrong_character_is_detected() {
    for (int i = "rhk_".length(); i < text.length(); i++) {
      char other = text.charAt(i) == 'x' ? 'y' : 'x';
      String damaged = text.substring(0, i) + other + text.substring(i + 1);

      assertThat(TokenSecret.formatOf(damaged)).as("character %d", i).isEqualTo(Format.MALFORMED);
    }
  }

  @Test
  void a_missing_or_additional_character_is_detected() {
    assertThat(TokenSecret.formatOf(text.substring(0, text.length() - 1)))
        .isEqualTo(Format.MALFORMED);
    assertThat(TokenSecret.formatOf(text + "0")).isEqualTo(Format.MALFORMED);
    assertThat(TokenSecret.formatOf(text + "\n")).isEqualTo(Format.MALFORMED);
    assertThat(TokenSecret.formatOf("rhk_")).isEqualTo(Format.MALFORMED);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a-token-of-24-characters-or-more", "RHK_abc", "ghp_abc", "rhk"})
  void any_other_string_is_not_recognized(String other) {
    assertThat(TokenSecret.formatOf(other)).isEqualTo(Format.UNRECOGNIZED);
  }

  @Test
  void to_string_hides_the_token() {
    assertThat(TokenSecret.generate(new Random(7)).toString()).isEqualTo("(token)");
  }

  @Test
  void the_hash_is_the_sha_256_of_the_text() {
    assertThat(TokenHash.of("abc").hex())
        .isEqualTo("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    assertThat(TokenSecret.generate(new Random(7)).hash()).isEqualTo(TokenHash.of(text));
    assertThat(TokenHash.of("abc"))
        .isNotEqualTo(TokenHash.of("abd"))
        .hasSameHashCodeAs(TokenHash.of("abc"));
  }
}
