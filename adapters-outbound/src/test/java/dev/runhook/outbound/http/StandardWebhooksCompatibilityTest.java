package dev.runhook.outbound.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.standardwebhooks.Webhook;
import com.standardwebhooks.exceptions.WebhookVerificationException;
import dev.runhook.domain.signing.Header;
import dev.runhook.domain.signing.SigningKeys;
import dev.runhook.domain.signing.SigningSecret;
import dev.runhook.domain.signing.WebhookSigner;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Verifies Runhook's signatures with the reference library of Standard Webhooks. The library
/// requires a current timestamp, so this test uses the real clock.
final class StandardWebhooksCompatibilityTest {
  private static final String BODY = "{\"note\":\"naïve 🎉\"}";
  private final Instant now = Instant.now();

  @ParameterizedTest
  @ValueSource(strings = {"It's a Secret to Everybody", "s", "whsec_not-base64!", "päß wörd €"})
  void a_signature_with_any_secret_verifies_with_its_standard_form(String text) {
    SigningSecret secret = SigningSecret.parse(text);

    assertThatCode(() -> verify(secret, signed(SigningKeys.of(secret)), BODY))
        .doesNotThrowAnyException();
  }

  @Test
  void a_generated_secret_verifies_as_it_is() {
    SigningSecret secret = SigningSecret.generate(new SplittableRandom(7));
    Map<String, List<String>> headers = signed(SigningKeys.of(secret));

    assertThatCode(() -> new Webhook(secret.reveal()).verify(BODY, headers))
        .doesNotThrowAnyException();
  }

  @Test
  void the_signatures_with_both_secrets_verify_during_the_overlap() {
    SigningSecret before = SigningSecret.parse("before");
    SigningSecret after = SigningSecret.parse("after");
    Map<String, List<String>> headers =
        signed(SigningKeys.of(before).rotated(after, now, Duration.ofHours(1)));

    assertThatCode(() -> verify(before, headers, BODY)).doesNotThrowAnyException();
    assertThatCode(() -> verify(after, headers, BODY)).doesNotThrowAnyException();
  }

  @Test
  void a_signature_does_not_verify_with_another_body_or_secret() {
    SigningSecret secret = SigningSecret.parse("right");
    Map<String, List<String>> headers = signed(SigningKeys.of(secret));

    assertThatThrownBy(() -> verify(secret, headers, BODY + " "))
        .isInstanceOf(WebhookVerificationException.class);
    assertThatThrownBy(() -> verify(SigningSecret.parse("wrong"), headers, BODY))
        .isInstanceOf(WebhookVerificationException.class);
  }

  private static void verify(SigningSecret secret, Map<String, List<String>> headers, String body)
      throws Exception {
    new Webhook(secret.standardForm()).verify(body, headers);
  }

  private Map<String, List<String>> signed(SigningKeys keys) {
    return new WebhookSigner(true)
        .signatureHeaders(keys, "evt-1", now, BODY.getBytes(UTF_8)).stream()
            .collect(Collectors.toMap(Header::name, header -> List.of(header.value())));
  }
}
