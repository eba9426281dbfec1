package dev.runhook.domain.signing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Stored signatures reproduce the headers that were sent, without the secrets.
class SignatureSetTest {
  private static final Instant SENT_AT = Instant.ofEpochSecond(1_674_087_231);
  private static final byte[] BODY = {'{', '}'};

  @ParameterizedTest
  @CsvSource({"true,false,84", "true,true,116", "false,false,64", "false,true,96"})
  void stored_signatures_reproduce_the_sent_headers(boolean sha1, boolean overlap, int length) {
    SigningKeys old = SigningKeys.of(SigningSecret.parse("old"));
    SigningKeys keys =
        overlap ? old.rotated(SigningSecret.parse("new"), SENT_AT, Duration.ofHours(1)) : old;
    WebhookSigner webhookSigner = new WebhookSigner(sha1);

    byte[] stored = webhookSigner.sign(keys, "m", SENT_AT, BODY).bytes();

    assertThat(stored).hasSize(length);
    assertThat(SignatureSet.fromBytes(stored).headers("m", SENT_AT))
        .isEqualTo(webhookSigner.signatureHeaders(keys, "m", SENT_AT, BODY));
    assertThat(SignatureSet.fromBytes(stored))
        .isEqualTo(webhookSigner.sign(keys, "m", SENT_AT, BODY));
  }

  @ParameterizedTest
  @CsvSource({"true,false", "true,true", "false,false", "false,true"})
  void each_forged_signature_differs_in_its_last_byte(boolean sha1, boolean overlap) {
    SigningKeys old = SigningKeys.of(SigningSecret.parse("old"));
    SigningKeys keys =
        overlap ? old.rotated(SigningSecret.parse("new"), SENT_AT, Duration.ofHours(1)) : old;
    SignatureSet valid = new WebhookSigner(sha1).sign(keys, "m", SENT_AT, BODY);

    List<String> forged = signatures(valid.forged());

    assertThat(forged)
        .hasSameSizeAs(signatures(valid))
        .doesNotContainAnyElementsOf(signatures(valid));
    assertThat(forged.stream().map(each -> each.substring(0, 20)).toList())
        .isEqualTo(signatures(valid).stream().map(each -> each.substring(0, 20)).toList());
  }

  private static List<String> signatures(SignatureSet set) {
    return set.headers("m", SENT_AT).stream()
        .filter(header -> header.name().toLowerCase(Locale.ROOT).contains("signature"))
        .flatMap(header -> Stream.of(header.value().split(" ")))
        .toList();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 20, 32, 52, 63, 65, 83, 85, 95})
  void bytes_of_any_other_length_are_refused(int length) {
    assertThatIllegalArgumentException().isThrownBy(() -> SignatureSet.fromBytes(new byte[length]));
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void to_string_hides_the_signatures(boolean sha1) {
    SigningKeys keys = SigningKeys.of(SigningSecret.parse("a"));

    assertThat(new WebhookSigner(sha1).sign(keys, "m", SENT_AT, BODY)).hasToString("(signatures)");
  }
}
