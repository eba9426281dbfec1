package dev.runhook.diagnosis;

import static dev.runhook.diagnosis.DiagnosisTest.BODY;
import static dev.runhook.diagnosis.DiagnosisTest.MESSAGE;
import static dev.runhook.diagnosis.DiagnosisTest.SECRET;
import static dev.runhook.diagnosis.DiagnosisTest.diagnose;
import static dev.runhook.diagnosis.DiagnosisTest.kinds;
import static dev.runhook.diagnosis.DiagnosisTest.signed;
import static dev.runhook.diagnosis.ReferenceSigner.b64;
import static dev.runhook.diagnosis.ReferenceSigner.sha256;
import static dev.runhook.diagnosis.ReferenceSigner.standard;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.runhook.diagnosis.SignatureMistake.Kind;
import dev.runhook.domain.signing.Header;
import dev.runhook.domain.signing.SigningKeys;
import dev.runhook.domain.signing.SigningSecret;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Signatures with a secret in the form of Standard Webhooks, whose key is the decoded bytes.
class StandardSecretDiagnosisTest {
  private static final byte[] STANDARD_KEY = "24 bytes, as in the spec".getBytes(UTF_8);

  static Stream<Arguments> standardSecrets() {
    String base64 = b64(STANDARD_KEY);
    String secret = "whsec_" + base64;
    return Stream.of(
        Arguments.of(secret, secret.getBytes(UTF_8), List.of(Kind.SECRET_NOT_DECODED)),
        Arguments.of(secret, base64.getBytes(UTF_8), List.of(Kind.SECRET_WITHOUT_PREFIX)),
        Arguments.of(secret + "\n", STANDARD_KEY, List.of(Kind.SECRET_TRIMMED)),
        Arguments.of("'" + secret + "'", STANDARD_KEY, List.of(Kind.SECRET_UNQUOTED)),
        Arguments.of(
            secret + "\n",
            secret.getBytes(UTF_8),
            List.of(Kind.SECRET_TRIMMED, Kind.SECRET_NOT_DECODED)),
        Arguments.of(SECRET, SECRET.getBytes(UTF_8), List.of()),
        Arguments.of(
            SECRET,
            ("whsec_" + b64(SECRET.getBytes(UTF_8))).getBytes(UTF_8),
            List.of(Kind.SECRET_IN_STANDARD_FORM)),
        Arguments.of("whsec_AQID", new byte[] {1, 2, 3}, List.of(Kind.SECRET_BASE64_DECODED)));
  }

  @ParameterizedTest
  @MethodSource("standardSecrets")
  void a_mistake_in_the_key_of_a_standard_signature_is_found(
      String secret, byte[] key, List<Kind> kinds) {
    Diagnosis diagnosis =
        diagnose(new Keyring(secret, List.of()), BODY, standard(key, MESSAGE, BODY));

    assertThat(kinds(diagnosis)).containsExactlyElementsOf(kinds);
  }

  @Test
  void a_secret_in_standard_form_is_valid_in_every_header() {
    String secret = "whsec_" + b64(STANDARD_KEY);

    for (Header header : signed(SigningKeys.of(SigningSecret.parse(secret)))) {
      if (header.name().toLowerCase(Locale.ROOT).contains("signature")) {
        assertThat(diagnose(new Keyring(secret, List.of()), BODY, header.value()).isValid())
            .as(header.name())
            .isTrue();
      }
    }
  }

  @Test
  void a_secret_in_standard_form_must_not_be_decoded_for_the_other_headers() {
    Keyring keys = new Keyring("whsec_" + b64(STANDARD_KEY), List.of());

    assertThat(kinds(diagnose(keys, BODY, sha256(STANDARD_KEY, BODY))))
        .containsExactly(Kind.SECRET_BASE64_DECODED);
  }

  @Test
  void a_previous_secret_in_standard_form_is_found_in_a_standard_signature() {
    Keyring keys = new Keyring(SECRET, List.of("whsec_" + b64(STANDARD_KEY)));

    assertThat(kinds(diagnose(keys, BODY, standard(STANDARD_KEY, MESSAGE, BODY))))
        .containsExactly(Kind.PREVIOUS_SECRET);
  }
}
