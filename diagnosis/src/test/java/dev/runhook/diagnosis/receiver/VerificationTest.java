package dev.runhook.diagnosis.receiver;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.runhook.domain.signing.SigningKeys;
import dev.runhook.domain.signing.SigningSecret;
import dev.runhook.domain.signing.WebhookSigner;
import dev.runhook.receiver.DeliveryReceiver;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class VerificationTest {
  private static final String SECRET = "It's a Secret to Everybody";
  private static final byte[] BODY = "Hello, World!".getBytes(UTF_8);
  private static final Instant NOW = Instant.parse("2026-01-31T12:00:00Z");

  private final Map<String, String> headers = signed(keys(SECRET));

  @ParameterizedTest
  @ValueSource(strings = {SECRET, "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec_AQID"})
  void what_runhook_signs_verifies(String secret) {
    Verification verification = verify(secret, signed(keys(secret)));

    assertThat(verification.isVerified()).isTrue();
    assertThat(verification.summary()).isEqualTo("signature verified");
  }

  @Test
  void the_sha1_signature_may_be_switched_off() {
    headers.remove("x-signature");

    assertThat(verify(SECRET, headers).isVerified()).isTrue();
  }

  @Test
  void after_a_rotation_the_new_secret_is_needed_for_the_signatures_of_the_body() {
    Map<String, String> rotated =
        signed(keys("old").rotated(SigningSecret.parse("new"), NOW, Duration.ofHours(24)));

    assertThat(verify("new", rotated).isVerified()).isTrue();
    assertThat(verify("old", rotated).header()).isEqualTo("X-Signature-256");
  }

  @ParameterizedTest
  @CsvSource({
    "x-signature-256, X-Signature-256",
    "x-signature, X-Signature",
    "webhook-signature, webhook-signature",
    "webhook-id, webhook-signature",
    "webhook-timestamp, webhook-signature"
  })
  void the_header_that_does_not_match_is_named(String changed, String named) {
    headers.put(changed, "sha1=0");

    assertThat(verify(SECRET, headers).summary())
        .isEqualTo("NOT verified: " + named + " does not match; is this the webhook's secret?");
  }

  @ParameterizedTest
  @CsvSource({
    "x-signature-256, X-Signature-256",
    "webhook-signature, webhook-signature",
    "webhook-.*, webhook-signature",
    "x-signature.*, X-Signature-256",
    "x-signature-256|webhook-.*, 'X-Signature-256, webhook-signature'"
  })
  void a_request_without_some_signatures_verifies_and_the_missing_ones_are_named(
      String removed, String named) {
    headers.keySet().removeIf(name -> name.matches(removed));

    assertThat(verify(SECRET, headers).isVerified()).isTrue();
    assertThat(verify(SECRET, headers).summary())
        .isEqualTo("signature verified; missing: " + named);
    assertThat(verify("another secret", headers).isVerified()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"webhook-id", "webhook-timestamp"})
  void what_a_present_signature_covers_is_required(String missing) {
    headers.remove(missing);

    assertThat(verify(SECRET, headers).summary())
        .isEqualTo("NOT verified: " + missing + " is missing");
  }

  @Test
  void a_request_without_any_signature_does_not_verify() {
    headers.keySet().removeIf(name -> name.contains("signature"));

    assertThat(verify(SECRET, headers).summary())
        .isEqualTo("NOT verified: X-Signature-256 is missing");
  }

  @Test
  void a_signature_with_another_secret_does_not_verify() {
    assertThat(verify("another secret", headers).header()).isEqualTo("X-Signature-256");
  }

  private static SigningKeys keys(String secret) {
    return SigningKeys.of(SigningSecret.parse(secret));
  }

  private static Map<String, String> signed(SigningKeys keys) {
    Map<String, String> headers = new HashMap<>();
    new WebhookSigner(true)
        .signatureHeaders(keys, "0198c0de-0000-7000-8000-000000000001", NOW, BODY)
        .forEach(header -> headers.put(header.name().toLowerCase(Locale.ROOT), header.value()));
    return headers;
  }

  private static Verification verify(String secret, Map<String, String> headers) {
    return Verification.of(DeliveryReceiver.withSecret(secret).withClock(() -> NOW), headers, BODY);
  }
}
