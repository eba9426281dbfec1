package dev.runhook.domain.signing;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class WebhookSignerTest {
  private static final byte[] BODY = "Hello, World!".getBytes(StandardCharsets.UTF_8);
  private static final String MESSAGE = "msg_2KWPBgLlAfxdpx2AI54pPJ85f4W";
  private static final Instant SENT_AT = Instant.ofEpochSecond(1_674_087_231);
  private static final String STANDARD = "v1,XEV0M/u5yl9OZVFhWEG7pHwQc9gN/E7so9hjEiI8ogs=";
  private static final String STANDARD_OF_OLD = "v1,Oraaz++fyu1iW/2Bnjy6KVQ8kG+jV57C8ZNjA9l0Rh0=";
  private static final SigningSecret SECRET = SigningSecret.parse("It's a Secret to Everybody");
  private static final SigningSecret OLD = SigningSecret.parse("old secret");

  @Test
  void the_headers_match_the_test_vectors() {
    List<Header> headers =
        new WebhookSigner(true).signatureHeaders(SigningKeys.of(SECRET), MESSAGE, SENT_AT, BODY);

    assertThat(headers)
        .containsExactly(
            new Header("X-Signature", "sha1=01dc10d0c83e72ed246219cdd91669667fe2ca59"),
            new Header(
                "X-Signature-256",
                "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"),
            new Header("webhook-id", MESSAGE),
            new Header("webhook-timestamp", "1674087231"),
            new Header("webhook-signature", STANDARD));
  }

  @Test
  void the_vector_of_the_standard_webhooks_libraries_matches() {
    SigningKeys keys =
        SigningKeys.of(SigningSecret.parse("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"));

    List<Header> headers =
        new WebhookSigner(true)
            .signatureHeaders(
                keys,
                "msg_p5jXN8AQM9LWM0D4loKWxJek",
                Instant.ofEpochSecond(1_614_265_330),
                "{\"test\": 2432232314}".getBytes(StandardCharsets.UTF_8));

    assertThat(headers.getLast().value())
        .isEqualTo("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    assertThat(headers)
        .as("the text of the secret is the key")
        .contains(
            new Header(
                "X-Signature-256",
                "sha256=80ec8a89ce3cd22133a1066caecb4d04fea7467657c8514d717ec42c38a5c94c"));
  }

  @Test
  void sha1_can_be_disabled() {
    List<Header> headers =
        new WebhookSigner(false).signatureHeaders(SigningKeys.of(SECRET), MESSAGE, SENT_AT, BODY);

    assertThat(headers)
        .extracting(Header::name)
        .containsExactly("X-Signature-256", "webhook-id", "webhook-timestamp", "webhook-signature");
  }

  @Test
  void during_an_overlap_both_secrets_sign_with_the_current_one_first() {
    SigningKeys keys =
        SigningKeys.of(OLD).rotated(SECRET, SENT_AT.minusSeconds(60), Duration.ofMinutes(2));

    assertThat(standardOf(keys, SENT_AT)).isEqualTo(STANDARD + " " + STANDARD_OF_OLD);
  }

  @Test
  void during_an_overlap_the_github_style_signatures_use_the_current_secret() {
    SigningKeys keys = SigningKeys.of(OLD).rotated(SECRET, SENT_AT, Duration.ofMinutes(2));

    List<Header> headers = new WebhookSigner(true).signatureHeaders(keys, MESSAGE, SENT_AT, BODY);

    assertThat(headers)
        .contains(
            new Header("X-Signature", "sha1=01dc10d0c83e72ed246219cdd91669667fe2ca59"),
            new Header(
                "X-Signature-256",
                "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"));
  }

  @Test
  void the_previous_secret_stops_signing_when_the_overlap_ends() {
    SigningKeys keys =
        SigningKeys.of(OLD).rotated(SECRET, SENT_AT.minusSeconds(60), Duration.ofMinutes(1));

    assertThat(standardOf(keys, SENT_AT)).isEqualTo(STANDARD);
  }

  @Test
  void the_key_is_the_utf_8_bytes_of_the_secret() {
    SigningKeys keys = SigningKeys.of(SigningSecret.parse("schlüssel-鍵"));

    List<Header> headers = new WebhookSigner(false).signatureHeaders(keys, MESSAGE, SENT_AT, BODY);

    assertThat(headers.getFirst().value())
        .isEqualTo("sha256=091a9ff31e872f4ba6f07dc4de5e4e58cef69a14f4dbca130db3dff3b1dcc98b");
  }

  @Test
  void fractions_of_a_second_are_ignored() {
    assertThat(standardOf(SigningKeys.of(SECRET), SENT_AT.plusMillis(999))).isEqualTo(STANDARD);
  }

  @Test
  void an_empty_body_is_signed_too() {
    List<Header> headers =
        new WebhookSigner(true)
            .signatureHeaders(SigningKeys.of(SECRET), MESSAGE, SENT_AT, new byte[0]);

    assertThat(headers.getFirst().value()).matches("sha1=[0-9a-f]{40}");
  }

  private static String standardOf(SigningKeys keys, Instant sentAt) {
    return new WebhookSigner(false).signatureHeaders(keys, MESSAGE, sentAt, BODY).getLast().value();
  }
}
