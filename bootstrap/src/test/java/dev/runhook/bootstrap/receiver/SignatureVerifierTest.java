package dev.runhook.bootstrap.receiver;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.standardwebhooks.Webhook;
import dev.runhook.domain.signing.Header;
import dev.runhook.domain.signing.SigningKeys;
import dev.runhook.domain.signing.SigningSecret;
import dev.runhook.domain.signing.WebhookSigner;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SignatureVerifierTest {
  private static final String SECRET = "It's a Secret to Everybody";
  private static final byte[] BODY = "Hello, World!".getBytes(UTF_8);
  private static final Instant NOW = Instant.parse("2026-01-31T12:00:00Z");
  private static final Map<String, String> VECTORS =
      Map.of(
          "x-signature-256",
              "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17",
          "x-signature", "sha1=01dc10d0c83e72ed246219cdd91669667fe2ca59");

  @Test
  void the_published_test_vectors_verify() {
    SignatureVerifier.Result result = verify(SECRET, VECTORS, BODY);

    assertThat(result.isVerified()).isTrue();
    assertThat(result.summary()).isEqualTo("signature verified");
    assertThat(result.checks())
        .extracting(SignatureVerifier.Check::header)
        .containsExactlyInAnyOrder("X-Signature-256", "X-Signature");
  }

  @Test
  void signatures_of_the_signer_verify_in_all_three_schemes() {
    SignatureVerifier.Result result =
        verify(SECRET, signed(SigningKeys.of(SigningSecret.parse(SECRET))), BODY);

    assertThat(result.isVerified()).isTrue();
    assertThat(result.checks()).hasSize(3);
  }

  @ParameterizedTest
  @ValueSource(strings = {SECRET, "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec_AQID"})
  void the_standard_webhooks_library_agrees(String text) throws Exception {
    SigningSecret secret = SigningSecret.parse(text);
    Instant now = Instant.now();
    Map<String, String> headers = signed(SigningKeys.of(secret), now);

    new Webhook(secret.standardForm()).verify(new String(BODY, UTF_8), lists(headers));

    assertThat(verify(text, headers, BODY).isVerified()).isTrue();
  }

  @Test
  void after_a_rotation_both_secrets_match_webhook_signature() {
    SigningKeys keys =
        SigningKeys.of(SigningSecret.parse("old"))
            .rotated(SigningSecret.parse("new"), NOW, Duration.ofHours(24));
    Map<String, String> headers = signed(keys);

    assertThat(standardMatches("old", headers)).isTrue();
    assertThat(standardMatches("new", headers)).isTrue();
    assertThat(standardMatches("other", headers)).isFalse();
  }

  @Test
  void a_signature_with_another_secret_does_not_verify() {
    SignatureVerifier.Result result =
        verify("another secret", signed(SigningKeys.of(SigningSecret.parse(SECRET))), BODY);

    assertThat(result.isVerified()).isFalse();
    assertThat(result.checks()).hasSize(3).noneMatch(SignatureVerifier.Check::matches);
    assertThat(result.summary()).startsWith("NOT verified: X-Signature-256 does not match");
  }

  @Test
  void a_changed_body_does_not_verify() {
    SignatureVerifier.Result result =
        verify(
            SECRET,
            signed(SigningKeys.of(SigningSecret.parse(SECRET))),
            "Hello, World?".getBytes(UTF_8));

    assertThat(result.checks()).hasSize(3).noneMatch(SignatureVerifier.Check::matches);
  }

  @ParameterizedTest
  @ValueSource(strings = {"webhook-id", "webhook-timestamp"})
  void a_changed_message_header_does_not_verify(String header) {
    Map<String, String> headers = signed(SigningKeys.of(SigningSecret.parse(SECRET)));
    headers.put(header, "1");

    assertThat(verify(SECRET, headers, BODY).summary())
        .startsWith("NOT verified: webhook-signature");
  }

  @Test
  void a_missing_signature_does_not_verify() {
    assertThat(verify(SECRET, Map.of(), BODY).isVerified()).isFalse();
    assertThat(verify(SECRET, Map.of(), BODY).summary())
        .isEqualTo("NOT verified: X-Signature-256 is missing");
  }

  @Test
  void the_sha1_signature_alone_is_not_enough() {
    Map<String, String> headers = new HashMap<>(VECTORS);
    headers.remove("x-signature-256");

    assertThat(verify(SECRET, headers, BODY).isVerified()).isFalse();
  }

  @Test
  void a_delivery_with_one_wrong_signature_among_valid_ones_does_not_verify() {
    Map<String, String> headers = new HashMap<>(VECTORS);
    headers.put("x-signature", "sha1=0000000000000000000000000000000000000000");

    assertThat(verify(SECRET, headers, BODY).summary()).startsWith("NOT verified: X-Signature ");
  }

  private static boolean standardMatches(String secret, Map<String, String> headers) {
    return verify(secret, headers, BODY).checks().stream()
        .filter(check -> check.header().equals("webhook-signature"))
        .allMatch(SignatureVerifier.Check::matches);
  }

  private static Map<String, String> signed(SigningKeys keys) {
    return signed(keys, NOW);
  }

  private static Map<String, String> signed(SigningKeys keys, Instant at) {
    Map<String, String> headers = new HashMap<>();
    for (Header header :
        new WebhookSigner(true)
            .signatureHeaders(keys, "0198c0de-0000-7000-8000-000000000001", at, BODY)) {
      headers.put(header.name().toLowerCase(Locale.ROOT), header.value());
    }
    return headers;
  }

  private static Map<String, List<String>> lists(Map<String, String> headers) {
    Map<String, List<String>> lists = new HashMap<>();
    headers.forEach((name, value) -> lists.put(name, List.of(value)));
    return lists;
  }

  private static SignatureVerifier.Result verify(
      String secret, Map<String, String> headers, byte[] body) {
    Function<String, Optional<String>> header =
        name -> Optional.ofNullable(headers.get(name.toLowerCase(Locale.ROOT)));
    return new SignatureVerifier(secret).verify(header, body);
  }
}
